from tests.dashboard.stages import text


def test_a_window_says_what_every_criterion_says_and_which_alert_it_raised(at):
    stage = at("failing")
    app = stage.open("window", id=stage.life.windows[0].id)
    said = text(app)
    assert "agreed at least 0.500: **not met**. **2 of 3 criteria met**, 1 not met." in said
    assert app.title[0].value == "Window 20 Apr to 3 May 2024"
    assert "0 failed (0.0 %), 0 were refused (0.0 %)." in said


def test_a_window_that_is_not_there_is_one_sentence(at):
    assert "There is no window" in text(at("serving").open("window", id="nothing"))

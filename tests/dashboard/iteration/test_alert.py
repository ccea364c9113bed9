from core.monitoring.window import AlertState
from tests.dashboard.stages import primary, text


def test_an_alert_says_figure_agreement_and_window(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    said = text(app)
    assert "on 20 Apr to 3 May 2024, agreed at least 0.500: **not met**" in said
    assert primary(app) == "Open case"


def test_seen_is_recorded_and_still_waits_for_a_case(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    app.button(key="alert-seen").click().run()
    assert stage.life.alerts[0].state is AlertState.SEEN
    assert primary(app) == "Open case"


def test_an_alert_in_a_case_names_it(at):
    stage = at("opened")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    assert "in case 1" in text(app)
    assert primary(app) is None

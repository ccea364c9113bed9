from tests.dashboard.stages import primary, text


def test_a_registered_version_shows_file_signature_parity_and_gate(at):
    stage = at("registered")
    version = stage.life.versions[0]
    app = stage.open("model_version", id=version.id)
    said = text(app)
    assert version.artifact in said
    assert "Parity" in said
    assert "approved by nobody" in said
    assert "It has never been in service" in said
    assert list(app.dataframe[0].value["Input"]) == ["temp", "wind", "carrier"]
    assert list(app.dataframe[0].value["Seen in training"])[2] == "AA, DL, UA"
    assert primary(app) == "Release"


def test_the_champion_says_since_when_it_answers(at):
    stage = at("serving")
    app = stage.open("model_version", id=stage.life.versions[0].id)
    said = text(app)
    assert "**answers** since" in said
    assert "self-approved by you" in said
    assert primary(app) is None


def test_an_unknown_version_is_one_sentence(at):
    assert "There is no model version" in text(at("trained").open("model_version", id="nowhere"))

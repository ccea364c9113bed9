import pytest

from core.drift.column_drift import DriftVerdict
from core.lifecycle.weeks import weeks
from tests.dashboard.stages import primary, text


def test_says_where_columns_will_come_from_before_anything_serves(at):
    stage = at("serving")
    assert "No window yet" in text(stage.open("drift"))


def test_names_the_column_that_left_the_training_range_and_the_bound(at):
    stage = at("failing")
    app, week = stage.open("drift"), weeks(stage.life)[-1]
    feature = week.feature("temp")
    said = text(app)
    assert "**temp left the training range**" in said
    assert f"below {feature.lower:,.4g}" in said
    assert "**1 of 3 columns drifted**" in said
    assert primary(app) is None


def test_a_column_and_a_week_come_from_the_address(at):
    stage = at("failing")
    first = weeks(stage.life)[0]
    said = text(stage.open("drift", column="wind", window=first.window.id))
    assert "### wind" in said
    assert "27 Apr to 3 May 2024" in said
    assert first.column("wind").verdict is DriftVerdict.NOT_ENOUGH_DATA


def test_an_unknown_column_shows_the_worst(at):
    assert "### temp" in text(at("failing").open("drift", column="no such column"))


@pytest.mark.parametrize("only", [True, False])
def test_the_table_holds_the_columns_of_the_week_worst_first(at, only):
    app = at("failing").open("drift")
    app.toggle(key="drift-important").set_value(only).run()
    table = app.dataframe[0].value
    assert table["column"][0] == "temp"
    assert set(table["column"]) == {"temp", "wind", "carrier"}


def test_another_champion_has_other_training_rows(at):
    stage = at("closed")
    first, last = weeks(stage.life)[0], weeks(stage.life)[-1]
    assert first.version.title == "late 1"
    assert last.version.title == "late 2"
    assert "against the training rows of late 2" in text(stage.open("drift"))

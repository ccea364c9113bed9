from dataclasses import replace
from datetime import timedelta

import pytest

from core.drift.column_drift import DriftVerdict
from core.drift.picture import PROBABILITIES, Picture
from core.errors import Conflict, InvalidInput
from core.lifecycle.drift_alarms import DriftAlarms, Reference, Spell, drift_alarms
from core.lifecycle.level import level
from core.lifecycle.weeks import weeks
from core.workspace.drift import Span
from dashboard import formats
from dashboard.views.monitoring import drift
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


def test_an_alarm_is_said_from_its_onset_on_and_beside_the_training_rows_only(at, monkeypatch):
    stage = at("failing")
    found = weeks(stage.life)
    alarm = "Alarm since the week"
    assert drift_alarms(found).refusal(found[0]) == ""
    said = Reference(weeks=tuple(found), spells=(Spell(column="temp", onset=found[1]),))
    monkeypatch.setattr(drift, "drift_alarms", lambda _, **__: DriftAlarms(budget="so many", references=(said,)))
    days = formats.span(found[1].starts, found[1].ends, stage.life.project.zone)
    assert f"{alarm} {days}; of all columns together, so many is allowed." in text(stage.open("drift", column="temp"))
    for other in ({"window": found[0].window.id}, {"column": "wind"}, {"against": "before"}):
        assert alarm not in text(stage.open("drift", **{"column": "temp", **other}))


def test_the_budget_of_false_alarms_is_chosen_beside_the_options_and_kept_in_the_ledger(at):
    stage = at("failing")
    app = stage.open("drift")
    budget = app.selectbox(key="drift-alarm-budget")
    assert budget.value == "one false alarm in two years"
    budget.set_value("one false alarm in six months").run()
    assert not app.exception
    project = stage.life.project
    assert project.alarm_budget == "one false alarm in six months"
    assert stage.open("drift").selectbox(key="drift-alarm-budget").value == project.alarm_budget
    (entry,) = [e for e in stage.workspace.thread.ledger(project.id) if e.kind == "project.alarm_budget"]
    assert entry.body == {"budget": project.alarm_budget, "before": "one false alarm in two years"}
    with pytest.raises(InvalidInput, match="Choose one of these"):
        stage.workspace.projects.allow_alarms(project.id, "one false alarm in two days")


def test_an_alarm_that_is_over_says_so(at, monkeypatch):
    stage = at("failing")
    found = weeks(stage.life)
    said = Reference(weeks=tuple(found), spells=(Spell(column="temp", onset=found[0], over=found[-1]),))
    monkeypatch.setattr(drift, "drift_alarms", lambda *_, **__: DriftAlarms(budget="so many", references=(said,)))
    assert "the column lay within the margin again" in text(stage.open("drift", column="temp"))
    before = text(stage.open("drift", column="temp", window=found[0].window.id))
    assert "Alarm since the week" in before
    assert "within the margin again" not in before


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


@pytest.mark.parametrize("column", ["temp", "carrier"])
@pytest.mark.parametrize(("part", "method"), [("far", "Zou and Donner"), ("course", "nine of ten rows")])
def test_a_column_is_looked_at_more_closely(at, column, part, method):
    said = text(at("failing").open("drift", column=column, part=part))
    assert f"### {column}" in said
    assert method in said


def test_what_moved_is_set_against_what_the_model_uses(at):
    app = at("failing").open("drift", by="importance")
    assert "permutation importance" in text(app)


def test_several_weeks_are_looked_at_as_one(at):
    stage = at("failing")
    first, last = weeks(stage.life)[0], weeks(stage.life)[-1]
    app = stage.open("drift", since=first.window.id, window=last.window.id)
    kept = next(column for column in last.window.drift if column.column == "wind")
    rows = sum(week.column("wind").n_current for week in weeks(stage.life))
    assert rows > kept.n_current
    assert f"{rows:,} rows" in text(app)
    assert "**temp left the training range**" in text(app)


def test_a_week_is_held_against_the_days_before_it(at):
    stage = at("failing")
    last = weeks(stage.life)[-1]
    said = text(stage.open("drift", window=last.window.id, against="before", column="wind"))
    before = weeks(stage.life)[-2].column("wind").n_current
    assert f"against {before:,} rows of the reference" in said


def test_days_without_rows_are_refused_in_a_sentence(at):
    stage = at("failing")
    week = weeks(stage.life)[0]
    long_ago = Span(starts=week.starts - timedelta(days=900), ends=week.ends - timedelta(days=900))
    with pytest.raises(Conflict, match="late 1 answered nothing in these days"):
        stage.workspace.drift.compare(stage.life.project.id, week.version, long_ago, against=None)


def test_a_year_before_is_the_same_weekdays_or_said_not_to_be_there(at):
    said = text(at("failing").open("drift", against="season"))
    assert "Nothing was asked from" in said
    assert "of 3 columns" in said  # what is kept is shown all the same


def test_all_columns_together_need_more_days_than_a_week_has(at):
    assert "takes 20 days on either side" in text(at("failing").open("drift", by="together"))


def test_of_many_columns_the_heatmap_draws_those_that_moved_most_and_finds_the_others(at, monkeypatch):
    monkeypatch.setattr(drift, "MOST_DRAWN", 2)
    stage = at("failing")
    app = stage.open("drift")
    assert "The 2 of 3 columns that moved most are drawn" in text(app)
    app.text_input(key="drift-find").input("WIND").run()
    found = text(app)
    assert "columns that moved most are drawn" not in found
    stage.open("drift", find="no such column")
    assert "The 2 of 3 columns" in text(stage.open("drift", find="no such column", order="alike"))


@pytest.mark.parametrize("column", ["temp", "carrier"])
def test_the_catalogue_of_methods_is_an_option(at, column):
    app = at("failing").open("drift", column=column)
    app.toggle(key="drift-other-methods").set_value(True).run()
    assert not app.exception
    frames = [frame.value for frame in app.dataframe]
    methods = next(frame for frame in frames if "method" in frame.columns)
    assert len(methods) > 6
    assert "As Evidently's default" in set(methods["method"])
    said = text(app)
    assert all(f"- **{formats.escape(title)}**: " in said for title in methods["method"])


def test_a_week_is_held_against_two_references_at_once(at):
    stage = at("failing")
    last = weeks(stage.life)[-1]
    for part in ("shape", "far", "course"):
        app = stage.open("drift", column="temp", beside="before", part=part)
        said = text(app)
        assert "**Moved against the training rows, but " in said
        assert f"Against the training rows ({last.column('temp').n_reference:,} rows): effect" in said
        assert "Against the days before (" in said
        assert "again" in app.dataframe[0].value.columns
    assert "**Not enough data to compare with either" in text(stage.open("drift", column="wind", beside="before"))


@pytest.mark.parametrize("beside", ["training", "none", "no such thing"])
def test_the_same_reference_twice_is_one(at, beside):
    said = text(at("failing").open("drift", column="temp", beside=beside))
    assert "Against the" not in said
    assert "Effect **" in said


def test_a_step_of_the_level_is_dated_and_judges_nothing(at):
    life = at("failing").life
    first = weeks(life)[0]
    moved = Picture(column="temp", rows=9, quantiles_current=(1.0,) * len(PROBABILITIES))
    course = []
    for n in range(14):
        ends = first.ends + timedelta(days=7 * n)
        values = tuple(10.0 * (n >= 7) + 0.1 * (n % 3) for _ in PROBABILITIES)
        week = replace(first, starts=ends - timedelta(days=7), ends=ends)
        course.append((week, replace(moved, quantiles_current=values)))
    found = level(course)
    assert [week.starts for week in found.changed] == [course[7][0].starts]
    assert level(course[:11]).enough is False
    # weeks that share days are one another's copies: fourteen of them are seven
    half = [(replace(week, starts=week.starts - timedelta(days=7)), picture) for week, picture in course]
    assert level(half).weeks == 7

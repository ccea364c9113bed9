import pytest

from core.frames.slice import Condition, Slice
from core.lifecycle.verdicts import live_verdicts
from core.monitoring.hurting.search import where_it_hurts
from core.monitoring.hurting.waterfall import why_it_changed
from core.monitoring.window import Window
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from dashboard.charts.slices import changed_slices, slice_words
from dashboard.charts.waterfall import parts_of_change
from dashboard.formats import escape
from tests.core.monitoring.hurting_worlds import FEATURES, agreed_on, flights
from tests.dashboard.lived import Stage
from tests.dashboard.stages import text


def _worst(stage: Stage) -> tuple[Window, Criterion]:
    """Return the newest window and the recall that is not met in it."""
    worst = live_verdicts(stage.life)[0]
    return worst.window, worst.criterion


def test_nothing_is_looked_for_before_it_is_asked(at, monkeypatch):
    stage = at("failing")
    window, _ = _worst(stage)

    def computed(*_):
        raise AssertionError("slices were looked for before anyone asked")

    monkeypatch.setattr("core.workspace.hurting.where_it_hurts", computed)
    monkeypatch.setattr("core.workspace.hurting.why_it_changed", computed)
    assert "2 of 3 criteria met" in text(stage.open("window", id=window.id))


def test_where_no_slice_has_enough_rows_it_is_said(at):
    stage = at("failing")
    window, criterion = _worst(stage)
    app = stage.open("window", id=window.id, by="hurts", criterion=criterion.id)
    assert "No slice has enough rows" in text(app)
    assert not app.dataframe


def test_where_all_got_worse_alike_no_slice_is_named(at):
    stage = at("failing")
    window, _ = _worst(stage)
    auc = next(c for c in stage.life.criteria_in_force if c.metric == "roc_auc")
    said = text(stage.open("window", id=window.id, by="hurts", criterion=auc.id))
    assert "Log loss" in said
    assert "No slice stands out" in said


def test_why_it_changed_is_refused_with_the_reason(at):
    stage = at("failing")
    window, criterion = _worst(stage)
    found = stage.workspace.hurting.why(window.id, criterion.id)
    assert found.reason
    said = text(stage.open("window", id=window.id, by="why", criterion=criterion.id))
    assert f"**Why it changed cannot be said**: {escape(found.reason)}" in said


def test_the_rows_of_a_slice_are_those_that_the_metric_is_measured_on_the_worst_first(at):
    stage = at("failing")
    window, criterion = _worst(stage)
    cold = Slice(conditions=(Condition(column="temp", operator="<", value=20.0),))
    rows = stage.workspace.hurting.rows_of(window.id, criterion.id, cold)
    assert rows.height > 10
    assert rows["label"].unique().to_list() == [1.0]
    assert rows["temp"].max() < 20
    found = (rows["score"] > criterion.parameters.get("cut", 0.5)).to_list()
    assert found == sorted(found)


@pytest.mark.parametrize("view", ["drift", "performance"])
def test_drift_and_performance_lead_there(at, view):
    links = [link.proto for link in at("failing").open(view).get("page_link")]
    where = next(link for link in links if link.label == "Where does it hurt?")
    assert "by=hurts" in where.query_string


def test_slices_are_said_as_a_person_says_them():
    def one(*conditions: tuple[str, str, object]) -> str:
        return slice_words(Slice(conditions=tuple(Condition(column=c, operator=o, value=v) for c, o, v in conditions)))

    assert one(("temp", ">", 64.4)) == "temp above 64.4"
    assert one(("temp", ">=", 10.0), ("temp", "<=", 64.4), ("carrier", "==", "DL")) == "temp 10 to 64.4, carrier is DL"
    assert one(("gust", "is missing", True)) == "gust is missing"
    assert slice_words(Slice()) == "all rows"


def test_a_bar_stands_for_each_slice_and_leads_to_it():
    reference, current = flights(1), flights(2, days=14).with_columns(temp=5.0)
    found = where_it_hurts(agreed_on("share_gap"), reference, current, FEATURES, TaskKind.BINARY)
    figure = changed_slices(found, found.found, "", "light")
    assert [data[0] for data in figure.data[0].customdata] == [hurt.slice.hash for hurt in found.found]


def test_the_steps_of_the_waterfall_end_where_the_window_does():
    reference, current = flights(1), flights(2, days=14, warmer=0.6)
    found = why_it_changed(agreed_on("precision"), reference, current, FEATURES, TaskKind.BINARY)
    steps = parts_of_change(found, "score", worse=-1, theme="dark").data[0]
    assert sum(steps.y) == pytest.approx(found.now)
    assert list(steps.measure) == ["absolute", "relative", "relative", "relative", "total"]

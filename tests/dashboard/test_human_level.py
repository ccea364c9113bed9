"""The human level stands as a line in the charts of a criterion that it is measured for, and in no other."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from core.frames.slice import Condition, Slice
from core.lifecycle.life import Life
from core.scoping.criterion import Criterion, Verdict
from core.statistics.estimate import Estimate, Interval
from core.workspace.workspace import Workspace
from dashboard.charts.criterion import Row, course_figure
from dashboard.charts.human import human_level, human_level_over_time
from dashboard.charts.performance import Course, criterion_over_windows
from dashboard.charts.runs import RunRow, run_estimates
from tests.dashboard.lived import at, lives
from tests.small_projects import carry_out

__all__ = ["at", "lives"]

HUMAN = Estimate(value=0.86, interval=Interval(lower=0.8, upper=0.91), n=120, n_blocks=120)
RUN = Estimate(value=0.5, interval=Interval(lower=0.4, upper=0.6), n=100, n_blocks=20)
RECALL = Criterion(
    id="c",
    project_id="p",
    key="K1",
    metric="recall",
    parameters={"cut": 0.3},
    direction=">=",
    threshold=0.7,
    created_at=datetime(2024, 1, 1, tzinfo=UTC),
)


def drawn(figure: Any) -> tuple[list[dict[str, Any]], list[str]]:
    layout = json.loads(figure.to_json())["layout"]
    return layout["shapes"], [annotation["text"] for annotation in layout["annotations"]]


def bands(shapes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [shape for shape in shapes if shape["type"] == "rect"]


def test_it_is_a_line_with_its_interval_as_a_band() -> None:
    line = human_level(RECALL, HUMAN, "light", span=(-0.5, 2.5))
    upright, band = line.shapes
    assert (upright["type"], upright["x0"], upright["x1"]) == ("line", 0.86, 0.86)
    assert (band["type"], band["x0"], band["x1"], band["y0"], band["y1"]) == ("rect", 0.8, 0.91, -0.5, 2.5)
    assert [word["text"] for word in line.annotations] == ["human level 0.860"]


def test_without_an_interval_there_is_no_band_and_without_a_study_nothing() -> None:
    assert len(human_level(RECALL, replace(HUMAN, interval=None), "dark", span=(0, 1)).shapes) == 1
    nothing = human_level(RECALL, None, "light", span=(0, 1))
    assert (nothing.shapes, nothing.annotations) == ((), ())


@pytest.mark.parametrize(("value", "side"), [(0.86, "bottom"), (0.6, "top")])
def test_over_time_its_words_stand_away_from_the_agreed_line(value: float, side: str) -> None:
    (word,) = human_level_over_time(RECALL, replace(HUMAN, value=value), "light").annotations
    assert word["yanchor"] == side


def test_every_figure_of_a_criterion_draws_it_beside_what_was_agreed() -> None:
    runs = [RunRow(run_id="r", title="Trees", estimate=RUN, verdict=Verdict.NOT_MET)]
    rows = [Row(id="r", group="hold-out", name="Trees", estimate=RUN, verdict=Verdict.NOT_MET)]
    course = Course(criterion=RECALL, zone=ZoneInfo("UTC"), lines=(), human=HUMAN)
    with_it = (
        run_estimates(runs, RECALL, "light", HUMAN),
        course_figure(RECALL, rows, "light", HUMAN),
        criterion_over_windows(course, "light"),
    )
    for figure in with_it:
        shapes, words = drawn(figure)
        assert sorted(words) == ["agreed at least 0.700", "human level 0.860"]
        assert [len(bands(shapes)), len(shapes)] == [1, 3]
    without = (
        run_estimates(runs, RECALL, "light"),
        course_figure(RECALL, rows, "light"),
        criterion_over_windows(replace(course, human=None), "light"),
    )
    for figure in without:
        shapes, words = drawn(figure)
        assert (words, len(shapes)) == (["agreed at least 0.700"], 1)


# ---- which criteria it fits


def study(workspace: Workspace, project_id: str, folder: Path) -> None:
    chance = np.random.default_rng(3)
    truth = chance.random(120) < 0.4
    said = {who: truth ^ (chance.random(120) < 0.1) for who in ("Ada", "Bob")}
    rows = [(n, who, "yes" if said[who][n] else "no") for n in range(120) for who in said]
    path = folder / "said.csv"
    pl.DataFrame(rows, schema=["item", "annotator", "label"], orient="row").write_csv(path)
    carry_out(workspace, workspace.labels.drop(project_id, path, file_name=path.name))


def test_it_fits_a_metric_of_labels_at_any_cut_on_all_rows(at: Callable[..., Any], tmp_path: Path) -> None:
    stage = at("serving")
    project = stage.workspace.projects.get("late")
    criterion = next(c for c in stage.life.criteria_in_force if c.metric == "recall")
    assert stage.life.human_level(criterion) is None
    study(stage.workspace, project.id, tmp_path)
    life: Life = stage.life
    assert life.human_level(criterion) == life.studies[-1].human_level("recall")
    assert life.human_level(replace(criterion, parameters={"cut": 0.05})) == life.human_level(criterion)
    of_slice = Slice(conditions=(Condition(column="carrier", operator="==", value="AA"),))
    for other in (
        replace(criterion, slice=of_slice),
        replace(criterion, parameters={"cut": 1.0}),
        replace(criterion, parameters={"beta": 2.0}),
        replace(criterion, metric="roc_auc", parameters={}),
    ):
        assert life.human_level(other) is None


def test_the_pages_of_a_criterion_show_it(at: Callable[..., Any], tmp_path: Path) -> None:
    stage = at("failing")
    project = stage.workspace.projects.get("late")
    criterion = next(c for c in stage.life.criteria_in_force if c.metric == "recall")
    study(stage.workspace, project.id, tmp_path)
    others = [c for c in stage.life.criteria_in_force if c.metric == "roc_auc"]
    pages = {
        "runs": {"by": criterion.key},
        "criterion": {"id": criterion.id},
        "performance": {"criterion": criterion.id},
    }
    for view, address in pages.items():
        app = stage.open(view, **address)
        assert "human level 0." in app.get("plotly_chart")[0].proto.spec, view
    assert others
    assert "human level" not in stage.open("runs", by=others[0].key).get("plotly_chart")[0].proto.spec

"""Tables that no one has tidied up go all the way round, or are refused in one sentence before anything is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.deployment.oip import infer_request
from core.drift.column_drift import DriftVerdict
from core.errors import InvalidInput
from core.jobs.kinds.adopt_file import ROW, cut
from core.modelling.onnx_model import numbers
from core.modelling.recipes import RECIPES
from core.modelling.run import Feature
from core.modelling.split import RESERVED, labelled_rows
from core.modelling.training import train
from core.monitoring.production import LOGGED
from core.scoping.project import Project, Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import begun, carry_out, replayed, serving, trained

ROWS = 600
NAMES = ("day", "row", "row number", "row_id", "_hour", "answered_at", "deployment_revision", "input_x", 'a "b".c/名')


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(settings)
    yield opened
    opened.close()


def table(rows: int = ROWS) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    x = rng.normal(size=rows)
    late = x + rng.logistic(size=rows) * 0.4 > 0
    when = [datetime.fromisoformat("2024-01-01") + timedelta(hours=3 * i) for i in range(rows)]
    return pl.DataFrame({"x": x, "late": np.where(late, "yes", "no"), "when": when})


def task(*inputs: str, entity: str | None = None, time: str | None = "when") -> Task:
    return Task(kind=TaskKind.BINARY, target="late", inputs=inputs, time=time, entity=entity, positive="yes")


def project(of: Task) -> Project:
    return Project(id="p", slug="p", name="p", task=of, created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_columns_may_be_called_as_the_log_calls_its_own(workspace: Workspace, tmp_path: Path) -> None:
    table().with_columns(pl.col("x").alias(name) for name in NAMES).write_csv(tmp_path / "late.csv")
    small = replayed(
        serving(trained(begun(workspace, tmp_path / "late.csv", task("x", *NAMES)), ("logistic",)), "logistic")
    )
    assert all(window.labels == window.predictions > 0 for window in small.life.windows)
    assert {drift.column for window in small.life.windows for drift in window.drift} == {"x", *NAMES}


@pytest.mark.parametrize("name", RESERVED)
def test_the_few_names_that_cannot_be_an_input_are_refused(name: str) -> None:
    frame = table().rename({"x": name})
    with pytest.raises(InvalidInput, match=name):
        labelled_rows(frame, task(name), zone=project(task()).zone)


def test_what_is_kept_of_the_log_is_reserved() -> None:
    assert {*LOGGED, "block", "label", "label_text"} == set(RESERVED)


def test_a_key_with_a_gap_is_no_key() -> None:
    frame = table().with_columns(id=pl.when(pl.int_range(ROWS) == 590).then(None).otherwise(pl.int_range(ROWS)))
    adopted = cut(frame, project(task("x", entity="id")))
    assert adopted.task.entity == ROW
    assert adopted.table.height + adopted.labels.height == ROWS
    assert adopted.labels["entity_id"].null_count() == 0


def test_a_file_without_the_key_is_known_by_its_places() -> None:
    rows = labelled_rows(table(3), task("x", entity="row_id"), zone=project(task()).zone)
    assert rows["entity_id"].to_list() == ["row 0", "row 1", "row 2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (pl.lit("yes").alias("late"), "labels are alike"),
        (pl.when(pl.int_range(ROWS) > 590).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("late"), "earlier"),
        (pl.lit("2024-03-01 10:00:00").alias("when"), "same time"),
    ],
)
def test_a_project_that_cannot_begin_is_put_away(
    workspace: Workspace, tmp_path: Path, change: pl.Expr, words: str
) -> None:
    table().with_columns(change).write_csv(tmp_path / "late.csv")
    with pytest.raises(InvalidInput, match=words):
        begun(workspace, tmp_path / "late.csv", task("x"))
    assert workspace.projects.all() == []
    assert len(workspace.projects.all(archived=True)) == 1


def test_numbers_beyond_what_a_model_reckons_with_are_missing() -> None:
    assert np.isnan(numbers([1e300, -3e38, np.inf, None, 1.0])[:, 0]).tolist() == [True, True, True, True, False]


def test_a_replay_sends_such_numbers_as_missing() -> None:
    vast = [1e300, -3e38, float("inf"), float("nan"), None, 7]
    request = infer_request("r", [Feature(name="x", kind="number")], {"x": vast})
    assert request["inputs"][0]["data"] == [None, None, None, None, None, 7.0]


@pytest.mark.parametrize("size", [3e38, 1e36, 1e-36, 1e-42, 0.0])
@pytest.mark.parametrize("recipe", ["logistic", "boosting"])
def test_inputs_of_any_size_can_be_learnt_from(size: float, recipe: str) -> None:
    frame = table().with_columns(vast=pl.col("x") * size)
    found = train(frame, task("x", "vast"), RECIPES[recipe], zone=project(task()).zone)
    assert found.holdout["score"].is_finite().all()


def test_a_target_beyond_what_a_model_reckons_with_is_told() -> None:
    frame = table().with_columns(late=pl.col("x") * 1e300)
    regression = Task(kind=TaskKind.REGRESSION, target="late", inputs=("x",))
    with pytest.raises(InvalidInput, match="larger unit"):
        train(frame, regression, RECIPES["linear"], zone=project(task()).zone)


def test_an_input_that_never_came_is_told_and_stops_no_retraining(workspace: Workspace, tmp_path: Path) -> None:
    later = pl.int_range(pl.len()) > 600
    frame = table(900).with_columns(
        gone=pl.when(later).then(None).otherwise(pl.col("x") * 2),
        name=pl.when(later).then(None).otherwise(pl.lit("a")),
        x=pl.when(later).then(-pl.col("x")).otherwise(pl.col("x")),
    )
    frame.write_csv(tmp_path / "late.csv")
    begin = trained(begun(workspace, tmp_path / "late.csv", task("x", "gone", "name")), ("logistic",))
    small = replayed(serving(begin, "logistic"))
    drift = {column.column: column for column in small.life.windows[-1].drift}
    assert drift["gone"].verdict is drift["name"].verdict is DriftVerdict.DRIFTED
    assert "100.0 % of the current data" in drift["gone"].note
    case = workspace.iteration.open_case(small.life.open_alerts[0].id)
    carry_out(workspace, workspace.iteration.ask_backtest(case.id))
    assert workspace.iteration.get(case.id).backtest is not None

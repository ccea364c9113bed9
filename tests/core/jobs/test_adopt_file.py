"""A project from a file: what is held back, what is proposed, and that it goes all the way round."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.data.dataset import DatasetState
from core.deployment.model_version import GateState
from core.errors import InvalidInput
from core.jobs.kinds.adopt_file import ROW, SPREAD_DAYS, cut
from core.lifecycle.standing import next_step, waiting
from core.scoping.criterion import Verdict
from core.scoping.project import Project, Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from sample_data import PRACTICE_BROKEN
from tests.small_projects import begun, guessed, replayed, serving, sklearn_csv, trained


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(settings)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "kind", "recipes"),
    [
        ("breast_cancer", TaskKind.BINARY, ("majority", "logistic")),
        ("wine", TaskKind.MULTICLASS, ("majority", "logistic")),
        ("diabetes", TaskKind.REGRESSION, ("mean", "linear")),
    ],
)
def test_all_the_way_round(workspace: Workspace, tmp_path: Path, name: str, kind: TaskKind, recipes: tuple[str, str]):
    csv = sklearn_csv(name, tmp_path)
    task = guessed(csv)
    assert (task.kind, task.target) == (kind, "target")
    small = begun(workspace, csv, task)
    assert [step.view for step in waiting(small.life)] == ["datasets", "documents"]
    replayed(serving(trained(small, recipes), recipes[1]))
    life = small.life
    rows = pl.read_csv(csv).height
    assert life.datasets[0].state is DatasetState.ACCEPTED
    assert life.datasets[0].rows + life.windows[0].predictions + life.windows[-1].predictions == rows
    baseline, model = life.runs
    gate = life.gate(life.versions[0].id)
    assert gate is not None
    assert gate.state is GateState.OPEN
    first = life.criteria_in_force[0]
    worth = [run.evaluation(first.id).estimate.value for run in (baseline, model)]  # pyright: ignore[reportOptionalMemberAccess]
    assert (worth[1] < worth[0]) if first.direction == "<=" else (worth[1] > worth[0])
    assert len(life.windows) == 3
    assert all(window.labels == window.predictions > 0 for window in life.windows)
    judged = [j.verdict for window in life.windows if (j := window.judgement(first.id))]
    assert len(judged) == 3
    assert Verdict.NOT_MET not in judged
    assert next_step(life).view == "performance"


def _project(task: Task, created_at: datetime | None = None) -> Project:
    moment = created_at or datetime(2024, 5, 6, 7, tzinfo=UTC)
    return Project(id="p", slug="p", name="p", task=task, time_zone="Europe/Berlin", created_at=moment)


def _sorted_by_target() -> tuple[pl.DataFrame, Task]:
    frame = pl.DataFrame({"x": np.arange(90.0), "target": ["a"] * 30 + ["b"] * 30 + ["c"] * 30})
    return frame, Task(kind=TaskKind.MULTICLASS, target="target", inputs=("x",))


def test_a_sorted_file_holds_every_class_back():
    frame, task = _sorted_by_target()
    adopted = cut(frame, _project(task))
    assert set(adopted.labels["label"]) == {"a", "b", "c"}
    assert adopted.table.height == 60
    assert set(adopted.table["target"]) == {"a", "b", "c"}
    assert adopted.task.entity == ROW
    assert not set(adopted.rows["entity_id"]) & set(adopted.table[ROW].cast(pl.String))


def test_rows_of_one_group_are_all_held_back_or_none():
    rng = np.random.default_rng(2)
    who = rng.permutation(np.repeat(np.arange(50), rng.integers(1, 40, 50)))
    frame = pl.DataFrame({"x": rng.normal(size=len(who)), "shop": [f"S{n}" for n in who], "target": who % 3})
    task = Task(kind=TaskKind.MULTICLASS, target="target", inputs=("x",), group="shop")
    adopted = cut(frame, _project(task))
    later = frame.with_row_index(ROW).filter(pl.col(ROW).cast(pl.String).is_in(adopted.rows["entity_id"].implode()))
    assert not set(later["shop"]) & set(adopted.table["shop"])
    assert 0.3 * frame.height < adopted.rows.height <= frame.height / 3
    assert adopted.rows["event_time"].min() == adopted.begins


def test_rows_without_times_fill_four_weeks_from_a_local_midnight():
    frame, task = _sorted_by_target()
    project = _project(task)
    adopted = cut(frame, project)
    local = adopted.begins.astimezone(project.zone)
    assert (local.hour, local.minute) == (0, 0)
    assert timedelta(days=SPREAD_DAYS - 1) < adopted.ends - adopted.begins < timedelta(days=SPREAD_DAYS)
    assert adopted.rows["event_time"].min() == adopted.begins


def _daily(**changes: object) -> tuple[pl.DataFrame, Task]:
    at = [datetime(2024, 1, 1) + timedelta(hours=6 * i) for i in range(120)]  # noqa: DTZ001 - a file has no zones
    columns = {"at": at, "key": [f"k{i}" for i in range(120)], "x": np.arange(120.0), "y": [0, 1] * 60}
    task = Task(kind=TaskKind.BINARY, target="y", inputs=("x",), time="at", entity="key", positive="1")
    return pl.DataFrame(columns | changes), task


def test_the_newest_days_are_held_back_whole():
    frame, task = _daily()
    project = _project(task)
    adopted = cut(frame, project)
    begins = adopted.begins.astimezone(project.zone)
    assert (begins.hour, begins.day) == (0, 21)
    assert adopted.rows.height + adopted.table.height == 120
    assert adopted.table.filter(pl.col("at") >= begins.replace(tzinfo=None)).is_empty()
    assert (adopted.labels["observed_at"] > adopted.begins).all()


def test_one_wrong_year_does_not_stretch_the_replay():
    frame, task = _daily()
    wrong = frame.with_columns(
        at=pl.when(pl.col("key") == "k7").then(pl.lit(datetime(2091, 1, 1))).otherwise("at")  # noqa: DTZ001
    )
    adopted = cut(wrong, _project(task))
    assert adopted.ends.year == 2024


def test_ids_that_repeat_are_no_ids():
    frame, task = _daily(key=["same"] * 120)
    adopted = cut(frame, _project(task))
    assert adopted.task.entity == ROW
    assert adopted.rows["entity_id"].n_unique() == adopted.rows.height


def test_a_file_that_is_too_small_is_put_away_with_its_reason(workspace: Workspace, tmp_path: Path):
    csv = tmp_path / "few.csv"
    pl.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]}).write_csv(csv)
    task = Task(kind=TaskKind.BINARY, target="y", inputs=("x",), positive="1")
    with pytest.raises(InvalidInput, match="at least 30"):
        begun(workspace, csv, task)
    assert workspace.projects.all() == []
    (project,) = workspace.projects.all(archived=True)
    (dataset,) = workspace.data.versions(project.id)
    assert dataset.state is DatasetState.REJECTED
    assert "at least 30" in dataset.note


def test_the_practice_file_becomes_a_project_by_day(workspace: Workspace):
    task = guessed(PRACTICE_BROKEN)
    assert (task.target, task.time, task.positive) == ("late", "scheduled_at", "true")
    life = begun(workspace, PRACTICE_BROKEN, task, time_zone="America/New_York").life
    assert {c.metric for c in life.criteria} == {"recall", "roc_auc", "latency_p95"}
    assert {c.block for c in life.criteria} == {"day"}
    assert all(c.signed_at is None for c in life.criteria)
    assert life.replay is not None
    assert life.replay.ends.year == 2013

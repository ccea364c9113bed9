"""A live project is measured by itself: once a window, late where nothing ran, again where labels came late."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer

from core.job import JobState
from core.monitoring.calendar import LABELS_MATURE
from core.monitoring.window import WindowState
from core.settings import Settings
from core.workspace import monitoring, schedule
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, carry_out, guessed, logged, serving, sklearn_csv, trained


class Clock:
    """The wall's clock, as the schedule reads it."""

    def __init__(self) -> None:
        self.now = schedule.wall_time()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (schedule, monitoring):
        monkeypatch.setattr(module, "wall_time", clock)
    return clock


@pytest.fixture
def small(settings: Settings, tmp_path: Path) -> Small:
    csv = sklearn_csv("breast_cancer", tmp_path)
    small = serving(trained(begun(Workspace.open(settings), csv, guessed(csv)), ("logistic",)), "logistic")
    small.workspace.replays.go_live(small.project.id)
    return small


def answers(small: Small, first: datetime, days: int) -> pl.DataFrame:
    """Return rows that were asked for over some days, with what turned out."""
    rows = pl.from_pandas(load_breast_cancer(as_frame=True).frame).head(500)
    step = timedelta(days=days) / rows.height
    return rows.with_columns(
        entity_id=pl.format("row {}", pl.int_range(pl.len())),
        event_time=pl.Series([first + n * step for n in range(rows.height)]).dt.cast_time_unit("us"),
    )


def learned(small: Small, rows: pl.DataFrame, observed_at: datetime, number: int) -> None:
    labels = rows.select("entity_id", label=pl.col("target").cast(pl.String), observed_at=pl.lit(observed_at))
    small.workspace._storage.predictions.append_labels(small.project.id, labels, source="test", sequence=number)


def test_what_was_missed_is_caught_up_with_once(small: Small, clock: Clock):
    schedule_, project = small.workspace.schedule, small.project.id
    first = schedule_.next_end(project)
    assert first is not None
    assert schedule_.ask(project) is None  # no window has ended
    rows = answers(small, first - timedelta(days=3), days=2)
    logged(small, rows)
    learned(small, rows, first - timedelta(hours=1), 1)

    clock.now = first + timedelta(days=14) + LABELS_MATURE  # nothing ran for two weeks
    job = schedule_.ask(project)
    assert job is not None
    assert len(job.arguments["ends"]) == 3
    assert schedule_.ask(project) is None  # asked for already
    carry_out(small.workspace, job)
    assert next(w.ends for w in small.life.windows) == first
    assert schedule_.ask(project) is None

    clock.now += timedelta(days=7)
    again = schedule_.ask(project)
    assert again is not None
    assert len(again.arguments["ends"]) == 1


def test_a_job_that_failed_is_caught_up_with_the_next_time(small: Small, clock: Clock):
    schedule_, project = small.workspace.schedule, small.project.id
    clock.now = (schedule_.next_end(project) or clock.now) + LABELS_MATURE
    job = schedule_.ask(project)
    assert job is not None
    small.workspace.jobs.claim(job.id)
    small.workspace.jobs.fail(job.id, "The disk is full.")
    assert schedule_.ask(project) is None  # not again and again
    clock.now += timedelta(days=7)
    again = schedule_.ask(project)
    assert again is not None
    assert again.arguments["ends"][0] == job.arguments["ends"][0]


def test_a_window_whose_labels_come_late_is_measured_again(small: Small, clock: Clock):
    schedule_, project = small.workspace.schedule, small.project.id
    first = schedule_.next_end(project)
    assert first is not None
    rows = answers(small, first - timedelta(days=3), days=2)
    logged(small, rows)

    clock.now = first + LABELS_MATURE
    carry_out(small.workspace, schedule_.ask(project))  # pyright: ignore[reportArgumentType] - it is due
    before = small.life.windows[0]
    assert (before.state, before.labels) == (WindowState.MATURING, 0)

    learned(small, rows, first + timedelta(days=5), 1)
    clock.now = first + timedelta(days=7) + LABELS_MATURE
    done = carry_out(small.workspace, schedule_.ask(project))  # pyright: ignore[reportArgumentType] - it is due
    assert done.state is JobState.FINISHED
    after = small.life.windows[0]
    assert (after.id, after.state, after.labels) == (before.id, WindowState.COMPLETE, 500)

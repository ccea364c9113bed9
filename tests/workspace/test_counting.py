"""Windows by count over the real log: measured once, whatever was cut off, and by the same judge as windows of days."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.errors import InvalidInput
from core.job import Job
from core.lifecycle.drift_alarms import drift_alarms
from core.lifecycle.weeks import weeks
from core.metrics import measure
from core.modelling.evaluation import outcomes
from core.monitoring.calendar import LABELS_MATURE, SILENT_DAYS
from core.monitoring.counted import Count
from core.monitoring.window import AlertKind, Window, WindowState
from core.scoping.criterion import Stage
from core.settings import Settings
from core.workspace import counting, monitoring, schedule
from core.workspace.counting import Waiting
from core.workspace.monitoring import Monitoring
from core.workspace.workspace import Workspace
from tests.small_projects import (
    Small,
    answered,
    begun,
    carry_out,
    guessed,
    logged,
    replayed,
    serving,
    sklearn_csv,
    trained,
)
from tests.workspace.test_schedule import Clock, answers, learned

SIZE, EVERY = 60, 20
LIVE = (Stage.LIVE,)  # the gate has nothing to say about what cannot be met


def counted(settings: Settings, folder: Path, *, all_of_them: bool = True) -> Small:
    """Return a project that serves; its first criterion counts predictions and cannot be met, so it alerts."""
    csv = sklearn_csv("breast_cancer", folder)
    small = begun(Workspace.open(settings), csv, guessed(csv))
    first, *others = small.workspace.scoping.criteria(small.project.id)
    hopeless = replace(first, window_rows=SIZE, every_rows=EVERY, direction="<=", threshold=0.01, stages=LIVE)
    small.workspace.scoping.change(first.id, hopeless)
    for other in others if all_of_them else ():
        small.workspace.scoping.change(other.id, replace(other, window_rows=SIZE, every_rows=EVERY))
    return serving(trained(small, ("logistic",)), "logistic")


def times(small: Small) -> list[datetime]:
    read = small.workspace._storage.predictions.read
    far = timedelta(days=4000)
    rows = read(small.project.id, starts=small.project.created_at - far, ends=small.project.created_at + far)
    return rows.filter(pl.col("variant") == "champion")["event_time"].to_list()


def _killed_at_the_third(small: Small, calls: list[datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    original = Monitoring.measure_counted

    def killed(self: Monitoring, project_id: str, window: counting.Counted, size: int):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(window.ends)
        return original(self, project_id, window, size)

    with monkeypatch.context() as cut:
        cut.setattr(Monitoring, "measure_counted", killed)
        with pytest.raises(KeyboardInterrupt):
            replayed(small)


def test_a_replay_measures_windows_by_count_and_what_was_cut_off_goes_on_where_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small = counted(settings, tmp_path, all_of_them=False)
    calls = list[datetime]()
    _killed_at_the_third(small, calls, monkeypatch)
    small = Small(Workspace.open(settings), small.project)  # another process, after the kill
    small.workspace.counting.measure(small.project.id)
    replayed(small)
    assert small.workspace.counting.measure(small.project.id) == []

    own = [w for w in small.life.windows if w.counted]
    assert [w.ends for w in own[:2]] == calls
    log = times(small)
    assert len(own) == 1 + (len(log) - SIZE) // EVERY  # no two rows of this file have the same hour's place
    assert len({(w.starts, w.ends) for w in own}) == len(own)
    for window in own:
        inside = [at for at in log if window.starts <= at < window.ends]
        assert window.predictions == len(inside) >= SIZE
        assert {c.n_current for c in window.drift} == {len(inside)}  # all rows are compared, not the last week's
    days = [w for w in small.life.windows if not w.counted]
    assert days
    _each_kind_is_judged_and_alarmed_by_itself(small, own)


def _each_kind_is_judged_and_alarmed_by_itself(small: Small, own: list[Window]) -> None:
    ids = {c.id: c for c in small.life.criteria}
    assert all(ids[j.criterion_id].window_rows == (w.counted or None) for w in small.life.windows for j in w.judgements)
    (alert,) = [a for a in small.life.alerts if ids[a.criterion_id].window_rows and a.kind is AlertKind.CRITERION]
    assert (alert.window_id, alert.onset) == (own[0].id, own[0].ends)

    # the figure is the metric on just these rows
    criterion, last, task = ids[alert.criterion_id], own[-1], small.life.project.task
    assert task is not None
    rows = small.workspace.monitoring.rows(small.project.id, last.starts, last.ends, as_of=last.created_at)
    rows = criterion.slice.select(rows).filter(pl.col("label").is_not_null())
    expected = measure(criterion.metric, criterion.parameters, outcomes(rows, task.kind))
    judgement = last.judgement(criterion.id)
    assert judgement is not None
    assert judgement.estimate is not None
    assert expected is not None
    assert judgement.estimate.value == pytest.approx(expected.value)

    found = drift_alarms(weeks(small.life))
    assert [{w.window.counted for w in one.weeks} for one in found.references] == [{0}, {SIZE}]
    assert [w.ends for w in found.weeks] == sorted(w.ends for w in found.weeks)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (schedule, monitoring, counting):
        monkeypatch.setattr(module, "wall_time", clock)
    return clock


def hourly(small: Small) -> pl.DataFrame:
    """Return a prediction an hour, from the next hour on."""
    began = schedule.wall_time().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    moments = pl.Series([began + timedelta(hours=n) for n in range(500)])
    return answers(small, began, days=1).with_columns(event_time=moments.dt.cast_time_unit("us"))


def asked(small: Small) -> Job:
    job = small.workspace.schedule.ask(small.project.id)
    assert job is not None
    return job


def test_a_live_project_asks_for_full_windows_once_and_matures_them_by_their_own_span(
    settings: Settings, tmp_path: Path, clock: Clock
):
    small = counted(settings, tmp_path)
    small.workspace.replays.go_live(small.project.id)
    schedule_, counting_, project = small.workspace.schedule, small.workspace.counting, small.project.id
    assert schedule_.next_end(project) is None  # nobody knows when the next one ends
    assert counting_.waiting(project) == [Waiting(count=Count(size=SIZE, every=EVERY), missing=SIZE)]
    rows = hourly(small)
    logged(small, rows[:90])
    clock.now = rows["event_time"][90]
    assert counting_.waiting(project)[0].missing == SIZE + 2 * EVERY - 90
    clock.now = rows["event_time"][79] + LABELS_MATURE
    job = asked(small)
    assert job.title == "Measure 2 windows"
    assert schedule_.ask(project) is None  # asked for already
    carry_out(small.workspace, job)
    assert schedule_.ask(project) is None
    before = small.life.windows
    assert [(w.predictions, w.state, w.counted) for w in before] == [(SIZE, WindowState.MATURING, SIZE)] * 2

    # a row that comes late, of an earlier time, moves no window; the labels come, and the next one reaches back to it
    late = rows[90:91].with_columns(event_time=pl.lit(before[1].ends - timedelta(hours=1)))
    small.workspace.deployment.ship(list(answered(small, late)), source="another scorer")
    logged(small, rows[100:120])
    learned(small, rows, rows["event_time"][85], 1)
    clock.now = rows["event_time"][119] + LABELS_MATURE
    carry_out(small.workspace, asked(small))
    after = small.life.windows
    assert [(w.id, w.starts, w.ends) for w in after[:2]] == [(w.id, w.starts, w.ends) for w in before]
    assert [w.state for w in after] == [WindowState.COMPLETE] * len(after)
    assert len(after) == 3
    assert after[2].ends == rows["event_time"][109] + timedelta(microseconds=1)  # 90 in the log, then 10 of the next
    assert after[2].predictions == SIZE

    _silence_is_a_matter_of_time(small, clock, rows["event_time"][119])


def _silence_is_a_matter_of_time(small: Small, clock: Clock, last: datetime) -> None:
    """A week without predictions is an alert, though no window is short of rows."""
    clock.now = last + timedelta(days=2 * SILENT_DAYS) + LABELS_MATURE
    carry_out(small.workspace, asked(small))
    assert AlertKind.NO_PREDICTIONS in {a.kind for a in small.life.alerts}
    assert len(small.life.windows) == 3


def test_a_batch_counts_too_and_numbers_that_leave_rows_out_are_refused(either: Settings, tmp_path: Path):
    small = counted(either, tmp_path)
    scoping, clock = small.workspace.scoping, small.life.project.clock
    assert clock is not None
    assert small.life.project.task is not None
    inputs = list(small.life.project.task.inputs)
    rows = answers(small, clock, 1).head(SIZE + EVERY).select(*inputs, score=pl.lit(0.5))
    rows.write_csv(tmp_path / "batch.csv")
    job = small.workspace.batches.drop(small.project.id, tmp_path / "batch.csv", file_name="batch.csv")
    carry_out(small.workspace, job)
    # rows of one instant are never parted: one window instead of two, beside that of the batch
    ends = clock + timedelta(microseconds=1)
    windows = [(w.name, w.counted, w.starts, w.ends, w.predictions) for w in small.life.windows]
    assert sorted(windows) == [("", SIZE, clock, ends, SIZE + EVERY), ("batch.csv", 0, clock, ends, SIZE + EVERY)]
    assert small.workspace.counting.measure(small.project.id) == []

    criterion = small.life.criteria_in_force[0]
    for size, every in ((10, 20), (10, 0), (10, None)):
        with pytest.raises(InvalidInput):
            scoping.change(criterion.id, replace(criterion, window_rows=size, every_rows=every))
    assert replace(criterion, every_rows=10).content_hash != criterion.content_hash
    days = replace(criterion, window_rows=None, every_rows=None)
    assert days.content_hash != criterion.content_hash
    small.workspace.close()

"""``kill -9`` of the worker while it trains and of the scorer while it answers a replay: nothing is lost or doubled."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from core.job import Job, JobState
from core.modelling.run import RunState
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from tests.fullcircle_process import Fullcircle


@pytest.fixture
def running(demo_home: Path) -> Iterator[Fullcircle]:
    process = Fullcircle("up", demo_home).wait_until_ready()
    yield process
    process.end()


def wait(condition: Callable[[], bool], seconds: float = 180.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def ended(workspace: Workspace, job: Job) -> Job:
    wait(lambda: workspace.jobs.get(job.id).over)
    return workspace.jobs.get(job.id)


def test_training_goes_on_in_the_next_worker(running: Fullcircle):
    workspace = running.workspace()
    project = workspace.projects.get("flights")
    dataset = workspace.thread.life(project.id).accepted
    assert dataset is not None
    order = TrainingOrder(dataset_id=dataset.id, recipes=["majority", "boosting", "logistic"])
    runs, job = workspace.modelling.train(project.id, order)
    wait(lambda: workspace.modelling.get(runs[1].id).state is RunState.RUNNING)
    first = workspace.modelling.get(runs[0].id)
    os.kill(running.children()["worker"], signal.SIGKILL)
    assert ended(workspace, job).state is JobState.FINISHED
    after = [workspace.modelling.get(run.id) for run in runs]
    assert [run.state for run in after] == [RunState.FINISHED] * 3
    assert after[0] == first, "what was finished is not done again"
    assert len(workspace.modelling.runs(project.id)) == 3 + len(runs)


def test_no_acknowledged_prediction_is_missing_or_doubled(running: Fullcircle):
    workspace = running.workspace()
    project = workspace.projects.get("flights")
    assert project.clock is not None
    starts, ends = project.clock, project.clock + timedelta(days=7)
    job = workspace.replays.ask(project.id, until=ends)
    wait(lambda: "requests" in workspace.jobs.get(job.id).message or workspace.jobs.get(job.id).over)
    os.kill(running.children()["scorer"], signal.SIGKILL)
    assert ended(workspace, job).state is JobState.FINISHED, workspace.jobs.get(job.id).error
    sent = workspace.replays.rows(workspace.replays.source(project.id), starts, ends)
    logged = workspace.monitoring.rows(project.id, starts, ends, as_of=ends)
    champion = workspace.deployment.current(project.id)
    assert champion is not None
    answered = logged.filter(pl.col("model_version_id") == champion.champion_id)["entity_id"]
    assert answered.n_unique() == answered.len(), "no row is doubled"
    assert set(answered) == set(sent["entity_id"]), "no row is missing"

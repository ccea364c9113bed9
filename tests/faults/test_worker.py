"""The worker loses nothing: killed, cancelled, told to end, asked for nonsense."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.job import Job, JobState
from core.people.actor import LOCAL_USER
from core.settings import Settings
from core.storage.storage import Storage
from core.workspace.act import Desk
from core.workspace.jobs import Jobs
from core.workspace.workspace import Workspace

PROGRAM = Path(__file__).with_name("example_worker.py")
STEPS, PARTS = 3, 6


class Workers:
    """Starts and ends real worker processes on one home."""

    def __init__(self, home: Path, database_url: str | None = None) -> None:
        self.home = home
        self.environment = {"FULLCIRCLE_DATABASE_URL": database_url} if database_url else {}
        self.log = home / "worker.log"
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **self.environment}
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, PROGRAM, self.home], stderr=log, env=environment)
        self.started.append(process)
        return process

    def close(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    starter = Workers(tmp_path)
    yield starter
    starter.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(Settings(home=tmp_path))


@dataclass(frozen=True)
class Running:
    workspace: Workspace
    workers: Workers
    claimed: Job


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start one worker for the tests that kill none; it finds a job that its predecessor claimed and never began."""
    home = tmp_path_factory.mktemp("home")
    workspace, workers = Workspace.open(Settings(home=home)), Workers(home)
    claimed = workspace.jobs.claim(workspace.jobs.request("example", "Example").id)
    assert claimed is not None
    workers.start()
    yield Running(workspace, workers, claimed)
    workers.close()


def until(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def wait_for(workspace: Workspace, job: Job) -> Job:
    until(lambda: workspace.jobs.get(job.id).over)
    return workspace.jobs.get(job.id)


def test_a_job_whose_worker_is_killed_twice_ends_with_every_effect_once(workspace: Workspace, workers: Workers) -> None:
    job = workspace.jobs.request("example", "Example", arguments={"seconds": 0.1})
    first = workers.start()
    until(lambda: workspace.jobs.get(job.id).progress > 0.4)
    first.kill()
    first.wait()
    done_before = (workers.home / "attempts.txt").read_text().split()
    second = workers.start()
    until(lambda: len((workers.home / "attempts.txt").read_text().split()) > len(done_before) + 1)
    second.kill()
    second.wait()
    workers.start()
    ended = wait_for(workspace, job)

    assert ended.state is JobState.FINISHED
    assert ended.progress == 1.0
    effects = sorted(file.name for file in (workers.home / "effects").iterdir())
    assert effects == sorted(f"{job.id}-{s}-{p}" for s in range(1, STEPS + 1) for p in range(PARTS))
    attempts = Counter(key.rsplit("-", 2)[1] for key in (workers.home / "attempts.txt").read_text().split())
    assert attempts["1"] == PARTS, "a step that was done is not run again"
    assert attempts["2"] > PARTS, "the interrupted step runs again"


def test_sigterm_ends_the_worker_in_five_seconds_and_the_next_one_goes_on(
    workspace: Workspace, workers: Workers
) -> None:
    job = workspace.jobs.request("short", "Short", arguments={"seconds": 1.0})
    first = workers.start()
    until(lambda: workspace.jobs.get(job.id).progress > 0)
    told = time.monotonic()
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=10) == 0
    assert time.monotonic() - told < 5
    workers.start()
    assert wait_for(workspace, job).state is JobState.FINISHED


def test_a_job_that_was_claimed_but_never_begun_is_taken_up(running: Running) -> None:
    assert wait_for(running.workspace, running.claimed).state is JobState.FINISHED
    assert running.workspace.jobs.last_beat("worker") is not None


def test_a_cancelled_job_stops_at_its_next_report(running: Running) -> None:
    jobs = running.workspace.jobs
    job = jobs.request("example", "Example", arguments={"seconds": 0.3})
    until(lambda: jobs.get(job.id).progress > 0)
    jobs.cancel(job.id)
    ended = wait_for(running.workspace, job)
    assert ended.state is JobState.CANCELLED
    assert ended.progress < 1


def test_an_error_becomes_its_sentence_and_a_crash_a_reference(running: Running) -> None:
    workspace = running.workspace
    refused, crashing, unknown = (workspace.jobs.request(kind, kind) for kind in ("refused", "crashing", "nonsense"))
    assert wait_for(workspace, refused).error == "The file has no rows. Choose another one."
    crashed = wait_for(workspace, crashing)
    assert crashed.state is JobState.FAILED
    assert "secret detail" not in crashed.error
    reference = crashed.error.split("reference ")[1][:8]
    assert reference in running.workers.log.read_text()
    assert "does not know" in wait_for(workspace, unknown).error


def test_jobs_of_one_project_wait_for_one_another_and_two_run_at_once_at_most(running: Running) -> None:
    workspace = running.workspace
    projects = [workspace.projects.begin(name).id for name in ("One", "Two", "Three")]
    jobs = [
        workspace.jobs.request("example", "Example", project_id=project, arguments={"seconds": 0.05})
        for project in projects
        for _ in range(2)
    ]
    seen: set[tuple[str | None, ...]] = set()

    def all_over() -> bool:
        at_work = [job.project_id for job in workspace.jobs.running() if job.state is JobState.RUNNING]
        seen.add(tuple(at_work))
        return all(workspace.jobs.get(job.id).over for job in jobs)

    until(all_over)
    assert max(len(at_work) for at_work in seen) == 2
    assert all(len(set(at_work)) == len(at_work) for at_work in seen)


def test_a_killed_worker_resumes_on_postgresql(tmp_path: Path, fresh_postgres_url: str) -> None:
    settings = Settings(home=tmp_path, database_url=fresh_postgres_url)
    with closing(Storage.open(settings)) as storage:
        jobs = Jobs(Desk(settings=settings, storage=storage, actor=LOCAL_USER))
        job = jobs.request("example", "Example")
        with closing(Workers(tmp_path, fresh_postgres_url)) as workers:
            first = workers.start()
            until(lambda: jobs.get(job.id).progress > 0.4)
            first.kill()
            first.wait()
            workers.start()
            until(lambda: jobs.get(job.id).over)
        assert jobs.get(job.id).state is JobState.FINISHED
    attempts = Counter(key.rsplit("-", 2)[1] for key in (tmp_path / "attempts.txt").read_text().split())
    assert attempts["1"] == PARTS

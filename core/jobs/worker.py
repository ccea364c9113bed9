"""The worker: carries out jobs so that a killed process loses nothing, and ships what the scorer has logged."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from secrets import token_hex
from types import FrameType

from dbos import DBOS, SetWorkflowID

from core.errors import FullcircleError
from core.job import Cancelled, Job, JobState
from core.jobs.again import again_and_again
from core.jobs.durability import APPLICATION_VERSION, configuration, seats_taken, take_seat
from core.jobs.kind import JobKind, Step
from core.jobs.shipping import Shipping, UnansweredShipping
from core.people.actor import LOCAL_USER
from core.settings import Settings
from core.workspace.workspace import Workspace

PROCESS = "worker"
_POLL_SECONDS = 0.3
_SHIP_SECONDS = 0.1  # a replay waits for its stretch to be shipped
_COUNT_SECONDS = 2.0
_BEAT_SECONDS = 1.0
_SCHEDULE_SECONDS = 20.0
_MOST_AT_ONCE = 2  # cores of the smallest machine that we serve
_MOST_INTERRUPTIONS = 20
_GRACE_SECONDS = 2.0  # for running steps at the end, of the 5 s that SIGTERM leaves
_FLUSH_SECONDS = 0.5  # in which a last batch may begin

_log = logging.getLogger("fullcircle.worker")


class Worker:
    """One worker process at work on one workspace."""

    def __init__(self, workspace: Workspace, kinds: Mapping[str, JobKind], executor: str) -> None:
        self._workspace = workspace
        self._kinds = kinds
        self._executor = executor
        self._stopping = threading.Event()
        self._active: set[str] = set()
        self._lock = threading.Lock()

        @DBOS.workflow(name="run_job", max_recovery_attempts=_MOST_INTERRUPTIONS)
        def run_job(job_id: str) -> str:
            return self.carry_out(job_id)

        self._workflow = run_job

    @property
    def stopping(self) -> threading.Event:
        """Return the event that ends the worker."""
        return self._stopping

    def look_round(self) -> None:
        """Start what waits, and take up what DBOS does not resume by itself."""
        if self._stopping.is_set():
            return
        unfinished = self._workspace.jobs.running()
        for job in unfinished:
            if job.state is JobState.INTERRUPTED and job.id not in self._active:
                self._take_up(job.id)
        free = _MOST_AT_ONCE - sum(job.state is not JobState.QUEUED for job in unfinished)
        for _ in range(free):
            self._take_next()

    def beat(self) -> None:
        """Say that the worker lives."""
        self._workspace.jobs.beat(PROCESS)

    def rest(self, seconds: float) -> None:
        """Wait for running steps, at most ``seconds``: what is cut off runs again from its step."""
        ends = time.monotonic() + seconds
        while self._active and time.monotonic() < ends:
            time.sleep(0.05)

    def carry_out(self, job_id: str) -> str:
        """Run the steps of a job in order; each is remembered once it is done."""
        with self._lock:
            self._active.add(job_id)
        try:
            job = self._workspace.jobs.claim(job_id) or self._workspace.jobs.get(job_id)
            return str(job.state) if job.over else self._run_steps(job)
        finally:
            with self._lock:
                self._active.discard(job_id)

    def _run_steps(self, job: Job) -> str:
        kind = self._kinds.get(job.kind)
        if kind is None:
            self._workspace.jobs.fail(job.id, f"This release does not know how to do {job.kind!r}. Ask for it again.")
            return JobState.FAILED.value
        for step in kind.steps:
            self._pause_if_stopping(job.id)
            outcome = DBOS.run_step({"name": step.__name__}, self._run_step, step, job.id)
            if outcome:
                return outcome
        DBOS.run_step({"name": "finish"}, self._workspace.jobs.finish, job.id)
        return JobState.FINISHED.value

    def _run_step(self, step: Step, job_id: str) -> str:
        """Return how the job ended in this step, or nothing where it goes on."""
        try:
            step(self._workspace, self._workspace.jobs.get(job_id))
        except Cancelled:
            self._workspace.jobs.cancelled(job_id)
            return JobState.CANCELLED.value
        except FullcircleError as error:
            self._workspace.jobs.fail(job_id, str(error))
            return JobState.FAILED.value
        except Exception:  # noqa: BLE001 - the job's record says it; the log keeps the trace
            reference = token_hex(4)
            _log.exception("Job %s failed in %s (reference %s)", job_id, step.__name__, reference)
            self._workspace.jobs.fail(
                job_id, f"Something unexpected happened (reference {reference}). The worker's log has the details."
            )
            return JobState.FAILED.value
        return ""

    def _pause_if_stopping(self, job_id: str) -> None:
        if self._stopping.is_set():
            with self._lock:
                self._active.discard(job_id)
            threading.Event().wait()  # until the process ends; the next worker begins at this step

    def _take_next(self) -> None:
        waiting = self._workspace.jobs.next_queued()
        job = self._workspace.jobs.claim(waiting.id) if waiting else None
        if job:
            self._start(job.id)

    def _start(self, job_id: str) -> None:
        with self._lock:
            self._active.add(job_id)
        with SetWorkflowID(job_id):
            DBOS.start_workflow(self._workflow, job_id)

    def _take_up(self, job_id: str) -> None:
        status = DBOS.get_workflow_status(job_id)
        if status is None:  # the last worker died between claiming the job and starting it
            self._start(job_id)
        elif status.status in {"ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED", "SUCCESS"}:
            self._workspace.jobs.fail(job_id, "The worker ended again and again during this job. Ask for it again.")
        elif status.status == "PENDING" and not self._resumed_elsewhere(status.executor_id, status.app_version):
            DBOS.resume_workflow(job_id)

    def _resumed_elsewhere(self, executor: str | None, version: str | None) -> bool:
        """Tell whether DBOS resumes the work itself, or another worker is at it."""
        if version == APPLICATION_VERSION and executor == self._executor:
            return True
        return executor in seats_taken(self._workspace.settings.home)


def run(
    settings: Settings,
    kinds: Mapping[str, JobKind] | None = None,
    *,
    first: Callable[[Workspace], None] | None = None,
) -> None:
    """Work until SIGTERM or SIGINT, then end the process within 5 s. ``first`` is what to do before the first look.

    Raises
    ------
    Unavailable
        The workspace's database does not answer, or every worker's seat is taken.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    workspace = Workspace.open(settings, LOCAL_USER)
    executor, seat = take_seat(settings.home)
    DBOS(config=configuration(settings, executor))
    worker = Worker(workspace, kinds if kinds is not None else _catalogue(), executor)
    _on_end_signal(worker.stopping.set)
    if seats_taken(settings.home) == {executor}:
        workspace.jobs.interrupted()
    workspace.deployment.publish_all()
    if first:
        first(workspace)
    DBOS.launch()
    shipping = Shipping(workspace, settings.spool)
    beating = _in_background(worker.beat, seconds=_BEAT_SECONDS, stopping=worker.stopping)
    scheduled = _in_background(workspace.schedule.ask_all, seconds=_SCHEDULE_SECONDS, stopping=worker.stopping)
    shipments = _in_background(shipping.ship_what_waits, seconds=_SHIP_SECONDS, stopping=worker.stopping)
    unanswered = UnansweredShipping(workspace, settings.spool)
    counted = _in_background(unanswered.ship_what_is_over, seconds=_COUNT_SECONDS, stopping=worker.stopping)
    again_and_again(worker.look_round, seconds=_POLL_SECONDS, stopping=worker.stopping)
    worker.rest(_GRACE_SECONDS)
    for thread in (beating, scheduled, shipments, counted):
        thread.join(timeout=0.5)
    with suppress(Exception):  # what cannot be shipped now waits in the log
        shipping.flush(_FLUSH_SECONDS)
    sys.stdout.flush()
    seat.close()
    os._exit(0)  # a step in the middle of its work is not waited for: it runs again


def _on_end_signal(end: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        end()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def _in_background(task: Callable[[], None], *, seconds: float, stopping: threading.Event) -> threading.Thread:
    loop = partial(again_and_again, task, seconds=seconds, stopping=stopping)
    thread = threading.Thread(target=loop, name=task.__name__, daemon=True)
    thread.start()
    return thread


def _catalogue() -> Mapping[str, JobKind]:
    from core.jobs.kinds import JOB_KINDS

    return JOB_KINDS

"""Background work: asked for by acts and pages, carried out by the worker."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.ids import new_id
from core.job import Cancelled, Job, JobState
from core.people.actor import Permission
from core.workspace.act import Desk, wall_time

_BEGINNABLE = (JobState.QUEUED, JobState.INTERRUPTED)


class Jobs:
    """The jobs of a workspace. Progress is no act: it leaves no trace in the ledger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def request(
        self, kind: str, title: str, *, project_id: str | None = None, arguments: Mapping[str, Any] | None = None
    ) -> Job:
        """Ask the worker for background work that no act asks for."""
        self._desk.actor.require(Permission.WRITE)
        job = Job(
            id=new_id(),
            project_id=project_id,
            kind=kind,
            title=title,
            arguments=arguments or {},
            by=self._desk.actor.id,
            created_at=wall_time(),
        )
        with self._desk.storage.write() as records:
            records.add(job)
        return job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        NotFound
            There is no such job.
        """
        return self._desk.one(Job, job_id)

    def recent(self, project_id: str | None = None, limit: int = 20) -> list[Job]:
        """Return the newest jobs, of one project or of all."""
        with self._desk.storage.read() as records:
            return records.find(Job, order="-created_at", limit=limit, **_of(project_id))

    def running(self, project_id: str | None = None) -> list[Job]:
        """Return the jobs that are not over yet, oldest first."""
        open_states = [JobState.QUEUED, JobState.RUNNING, JobState.INTERRUPTED]
        with self._desk.storage.read() as records:
            return records.find(Job, order="created_at", state=open_states, **_of(project_id))

    def next_queued(self) -> Job | None:
        """Return the oldest job that waits, of a project in which no other one runs."""
        waiting_or_running = self.running()
        busy = {job.project_id for job in waiting_or_running if job.state is not JobState.QUEUED and job.project_id}
        return next((j for j in waiting_or_running if j.state is JobState.QUEUED and j.project_id not in busy), None)

    def claim(self, job_id: str) -> Job | None:
        """Take a job: it runs from now on. ``None`` where another worker was faster or it is over."""
        with self._desk.storage.write() as records:
            job = records.get(Job, job_id)
            if job.state not in _BEGINNABLE:
                return None
            taken = replace(job, state=JobState.RUNNING, started_at=job.started_at or wall_time())
            records.replace(taken)
            return taken

    def progress(self, job_id: str, share: float, message: str = "") -> None:
        """Say how far a job has come (0-1) and what it is doing.

        Raises
        ------
        Cancelled
            A person has asked the job to stop.
        """
        with self._desk.storage.write() as records:
            job = records.get(Job, job_id)
            if job.cancel_requested:
                raise Cancelled(job.title)
            records.replace(replace(job, progress=min(max(share, 0.0), 1.0), message=message))

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop; one that has not begun is over at once."""
        self._desk.actor.require(Permission.WRITE)
        with self._desk.storage.write() as records:
            job = records.get(Job, job_id)
            if job.over:
                return job
            changed = replace(job, cancel_requested=True)
            if job.state is JobState.QUEUED:
                changed = replace(changed, state=JobState.CANCELLED, finished_at=wall_time())
            records.replace(changed)
            return changed

    def retry(self, job_id: str) -> Job:
        """Ask for the same work again, as a new job."""
        job = self.get(job_id)
        return self.request(job.kind, job.title, project_id=job.project_id, arguments=job.arguments)

    def finish(self, job_id: str, result: Mapping[str, Any] | None = None) -> None:
        """Close a job that did what it was asked for. A result that a step has stored stays."""
        self._close(job_id, JobState.FINISHED, progress=1.0, **({"result": result} if result is not None else {}))

    def keep_result(self, job_id: str, result: Mapping[str, Any]) -> None:
        """Store what a job found, before it is over."""
        with self._desk.storage.write() as records:
            records.replace(replace(records.get(Job, job_id), result=result))

    def fail(self, job_id: str, sentence: str) -> None:
        """Close a job that could not do it, with the sentence that says why."""
        self._close(job_id, JobState.FAILED, error=sentence)

    def cancelled(self, job_id: str) -> None:
        """Close a job that was asked to stop."""
        self._close(job_id, JobState.CANCELLED)

    def interrupted(self) -> list[Job]:
        """Mark the jobs that a dead worker left as interrupted; the worker that calls this resumes them."""
        with self._desk.storage.write() as records:
            left = records.find(Job, order="created_at", state=[JobState.RUNNING, JobState.INTERRUPTED])
            marked = [replace(job, state=JobState.INTERRUPTED) for job in left]
            for job in marked:
                records.replace(job)
            return marked

    def beat(self, process: str) -> None:
        """Say that a process lives."""
        with self._desk.storage.write() as records:
            records.beat(process, wall_time())

    def last_beat(self, process: str) -> datetime | None:
        """Return when a process last said that it lives."""
        with self._desk.storage.read() as records:
            return records.last_beat(process)

    def _close(self, job_id: str, state: JobState, **changes: Any) -> None:
        with self._desk.storage.write() as records:
            job = records.get(Job, job_id)
            if not job.over:
                records.replace(replace(job, state=state, finished_at=wall_time(), **changes))
            if job.project_id:
                records.bump_revision(job.project_id)


def _of(project_id: str | None) -> dict[str, Any]:
    return {"project_id": project_id} if project_id else {}

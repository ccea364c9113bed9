"""A request for background work: inserted with the act that needs it, carried out by the worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Cancelled(Exception):
    """Raised inside a job's step when a person has asked the job to stop."""


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job and its progress (0-1), as the pages show it."""

    id: str
    project_id: str | None
    kind: str
    title: str
    arguments: Mapping[str, Any]
    state: JobState = JobState.QUEUED
    progress: float = 0.0
    message: str = ""
    result: Mapping[str, Any] | None = None
    error: str = ""
    cancel_requested: bool = False
    by: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Tell whether nothing more will happen to the job."""
        return self.state in {JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}

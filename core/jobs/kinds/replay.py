"""Replay later data of a project as its production."""

from datetime import datetime
from functools import partial

from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.replaying import replay_until
from core.workspace.workspace import Workspace


def replay(workspace: Workspace, job: Job) -> None:
    """Replay up to the time that the job names, a stretch after the other; each is complete before the next."""
    assert job.project_id is not None
    until = datetime.fromisoformat(job.arguments["until"])
    replay_until(workspace, job.project_id, until, partial(workspace.jobs.progress, job.id))


REPLAY = JobKind(name="replay", title="Replay later data", steps=(replay,))

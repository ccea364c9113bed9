"""Measure what is due in a live project: the windows that have ended, those that matured, the post-checks."""

from datetime import UTC, datetime, timedelta

from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.measuring import post_checks
from core.monitoring.calendar import LABELS_MATURE
from core.workspace.workspace import Workspace


def windows(workspace: Workspace, job: Job) -> None:
    """Measure the windows that have ended, the oldest first; one that was measured already stays."""
    assert job.project_id is not None
    zone = workspace.projects.get(job.project_id).zone
    ends = [datetime.fromisoformat(end) for end in job.arguments["ends"]]
    for number, end in enumerate(ends):
        last_day = (end - timedelta(microseconds=1)).astimezone(zone)
        workspace.jobs.progress(job.id, number / (len(ends) + 1), f"the window to {last_day:%-d %b %Y}")
        workspace.monitoring.measure(job.project_id, end)


def counted(workspace: Workspace, job: Job) -> None:
    """Measure the windows by count that are complete, the oldest first."""
    assert job.project_id is not None
    workspace.jobs.progress(job.id, 0.8, "windows by count")
    workspace.counting.measure(job.project_id)


def matured(workspace: Workspace, job: Job) -> None:
    """Measure the windows again whose labels were still coming."""
    assert job.project_id is not None
    workspace.jobs.progress(job.id, 0.9, "windows whose labels were still coming")
    workspace.monitoring.mature(job.project_id)


def checked(workspace: Workspace, job: Job) -> None:
    """Carry out the post-checks that are due."""
    assert job.project_id is not None
    post_checks(workspace, job.project_id, datetime.now(UTC) - LABELS_MATURE)


MEASURE = JobKind(name="measure", title="Measure windows", steps=(windows, counted, matured, checked))
"""``matured`` comes last: the windows that end now are newer than those whose labels have come meanwhile."""

"""What moved between two versions of a dataset."""

from core.data.in_full import tables_in_full
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def compare(workspace: Workspace, job: Job) -> None:
    """Compare the rows of two versions, column by column."""
    workspace.jobs.progress(job.id, 0.1, "reading")
    versions = [workspace.data.get(job.arguments[name]) for name in ("reference_id", "current_id")]
    reference, current = (workspace.data.frame(version) for version in versions)
    workspace.jobs.progress(job.id, 0.3, f"comparing {reference.height:,} with {current.height:,} rows")
    workspace.jobs.keep_result(job.id, tables_in_full(reference, current))


COMPARE_VERSIONS = JobKind(name="compare_versions", title="Compare two versions", steps=(compare,))

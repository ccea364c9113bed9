"""Check files without a project: one file's findings, or what moved between two."""

from datetime import UTC, datetime
from pathlib import Path

from core.data.report import compare_files, validate_file
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def check(workspace: Workspace, job: Job) -> None:
    """Check one file, or compare two: exactly what ``fullcircle validate`` and ``fullcircle drift`` print."""
    paths = [Path(path) for path in job.arguments["paths"]]
    workspace.jobs.progress(job.id, 0.1, "reading")
    if len(paths) == 1:
        result = {"file": validate_file(paths[0], now=datetime.now(UTC), name=job.arguments["names"][0])}
    else:
        result = {"comparison": compare_files(paths[0], paths[1], names=tuple(job.arguments["names"]))}
    workspace.jobs.keep_result(job.id, result)


CHECK_FILES = JobKind(name="check_files", title="Check files", steps=(check,))

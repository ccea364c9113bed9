"""Read a file of rows that were answered elsewhere: they join the log and are a window of their own."""

from pathlib import Path

import polars as pl

from core.data.report import opened_copy
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def take(workspace: Workspace, job: Job) -> None:
    """Read the file, store its rows and measure them; a refusal says why in words."""
    assert job.project_id is not None
    path, name = Path(job.arguments["path"]), job.arguments["file_name"]
    workspace.jobs.progress(job.id, 0.1, "reading")
    with opened_copy(path, name=name) as (table, _):
        frame = pl.read_parquet(table)
        window = workspace.batches.take(job.project_id, frame, name=name, key=job.id, asked=job.created_at)
    workspace.counting.measure(job.project_id)  # its rows count too
    workspace.jobs.keep_result(job.id, {"window": window.id if window else None})


TAKE_BATCH = JobKind(name="take_batch", title="Read a batch", steps=(take,))

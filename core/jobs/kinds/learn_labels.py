"""Read a file of labels that came after their predictions."""

from pathlib import Path

import polars as pl

from core.data.report import opened_copy
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def learn(workspace: Workspace, job: Job) -> None:
    """Read the file and store its labels; a refusal says why in words."""
    assert job.project_id is not None
    path, name = Path(job.arguments["path"]), job.arguments["file_name"]
    workspace.jobs.progress(job.id, 0.1, "reading")
    with opened_copy(path, name=name) as (table, _):
        stored = workspace.outcomes.learn(job.project_id, pl.read_parquet(table), name=name)
    workspace.jobs.keep_result(job.id, {"labels": stored})


LEARN_LABELS = JobKind(name="learn_labels", title="Read labels", steps=(learn,))

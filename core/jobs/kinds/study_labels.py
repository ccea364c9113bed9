"""Measure how far the annotators of a dropped file agree."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from core.data.annotations import annotations, guess_layout
from core.data.label_study import study
from core.frames.opening import open_file
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.labels import StudiedFile
from core.workspace.workspace import Workspace


def measure(workspace: Workspace, job: Job) -> None:
    """Read the file, recognise its form, measure agreement and the human level; a refusal says why in words."""
    assert job.project_id is not None
    path, name = Path(job.arguments["path"]), job.arguments["file_name"]
    workspace.jobs.progress(job.id, 0.1, "reading")
    with TemporaryDirectory() as folder:
        table = Path(folder) / "labels.parquet"
        open_file(path, table, name=name)
        frame = pl.read_parquet(table)
    layout = guess_layout(frame)
    given = annotations(frame, layout)
    workspace.jobs.progress(job.id, 0.4, f"{len(given.items):,} items of {len(given.annotators)} annotators")
    figures = study(given, workspace.projects.get(job.project_id).task)
    file = StudiedFile(path=path, name=name, layout=layout, figures=figures, dataset_id=job.arguments.get("dataset_id"))
    workspace.labels.studied(job.project_id, file, key=f"{job.id}:study")


STUDY_LABELS = JobKind(name="study_labels", title="Study labels", steps=(measure,))

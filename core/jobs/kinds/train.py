"""Train the runs that were asked for, one after the other."""

import polars as pl

from core.job import Cancelled, Job
from core.jobs.kind import JobKind
from core.jobs.training import train_one
from core.modelling.run import RunState
from core.workspace.workspace import Workspace


def train_runs(workspace: Workspace, job: Job) -> None:
    """Train every run of the job that is not over yet: a killed worker loses the run it was at, no other."""
    ids = job.arguments["run_ids"]
    frames: dict[str, pl.DataFrame] = {}
    for number, run_id in enumerate(ids):
        run = workspace.modelling.get(run_id)
        if run.state is RunState.FINISHED:
            continue
        try:
            workspace.jobs.progress(job.id, number / len(ids), run.name)
        except Cancelled:
            for left in ids[number:]:
                workspace.modelling.cancelled(left)
            raise
        if run.dataset_id not in frames:
            frames = {run.dataset_id: workspace.data.frame(workspace.data.get(run.dataset_id))}
        train_one(workspace, run, frames[run.dataset_id])


TRAIN = JobKind(name="train", title="Train", steps=(train_runs,))

"""Train the runs that were asked for, one after the other."""

import polars as pl

from core.errors import FullcircleError
from core.job import Cancelled, Job
from core.jobs.kind import JobKind
from core.modelling.recipes import RECIPES
from core.modelling.run import Run, RunState
from core.modelling.training import train
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


def train_one(workspace: Workspace, run: Run, frame: pl.DataFrame) -> Run:
    """Train one run on a dataset's rows; what cannot be trained says why, and the others go on."""
    project = workspace.projects.get(run.project_id)
    workspace.modelling.started(run.id)
    try:
        assert project.task is not None
        trained = train(
            frame,
            project.task,
            RECIPES[run.recipe],
            zone=project.zone,
            holdout_from=run.holdout_from,
            parameters=run.parameters,
        )
    except FullcircleError as error:
        return workspace.modelling.failed(run.id, str(error))
    return workspace.modelling.finished(run.id, trained)


TRAIN = JobKind(name="train", title="Train", steps=(train_runs,))

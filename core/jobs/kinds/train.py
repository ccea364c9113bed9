"""Train the runs that were asked for, one after the other."""

import polars as pl

from core.job import Cancelled, Job
from core.jobs.kind import JobKind
from core.jobs.training import Tell, train_one
from core.modelling.run import Run, RunState
from core.workspace.workspace import Workspace


def train_runs(workspace: Workspace, job: Job) -> None:
    """Train every run of the job that is not over yet: a killed worker loses the run it was at, no other."""
    ids = job.arguments["run_ids"]
    frames: dict[str, pl.DataFrame] = {}
    for number, run_id in enumerate(ids):
        run = workspace.modelling.get(run_id)
        if run.state is RunState.FINISHED:
            continue
        tell = _telling(workspace, job, run, number)
        try:
            tell(0)
            if run.dataset_id not in frames:
                frames = {run.dataset_id: workspace.data.frame(workspace.data.get(run.dataset_id))}
            train_one(workspace, run, frames[run.dataset_id], tell)
        except Cancelled:
            for left in ids[number:]:
                workspace.modelling.cancelled(left)
            raise


def _telling(workspace: Workspace, job: Job, run: Run, number: int) -> Tell:
    """Return what tells how far the job has come: runs, and settings within one that searches."""
    runs = len(job.arguments["run_ids"])

    def tell(tried: int) -> None:
        most = run.search.most if run.search else 1
        words = f"{run.name}, setting {tried + 1} of at most {most}" if run.search else run.name
        workspace.jobs.progress(job.id, (number + tried / most) / runs, words)

    return tell


TRAIN = JobKind(name="train", title="Train", steps=(train_runs,))

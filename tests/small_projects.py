"""Small projects taken as far as a test needs, by the acts and job steps that the product takes, without processes."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.data.guess import guess_task
from core.job import Job
from core.jobs.kinds import JOB_KINDS
from core.scoping.project import Project, Task
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace


def carry_out(workspace: Workspace, job: Job) -> Job:
    """Do a job here and now, as the worker would."""
    workspace.jobs.claim(job.id)
    for step in JOB_KINDS[job.kind].steps:
        step(workspace, workspace.jobs.get(job.id))
    workspace.jobs.finish(job.id)
    return workspace.jobs.get(job.id)


@dataclass(frozen=True)
class Small:
    """A project on its way through the phases."""

    workspace: Workspace
    project: Project

    @property
    def life(self):
        return self.workspace.thread.life(self.project.id)


def begun(workspace: Workspace, csv: Path, task: Task, name: str = "Small") -> Small:
    """Start a project from a file; its first part waits for a decision."""
    project = workspace.projects.begin(name, task=task)
    arguments = {"path": str(csv), "file_name": csv.name}
    carry_out(workspace, workspace.jobs.request("adopt_file", "Start", project_id=project.id, arguments=arguments))
    return Small(workspace, workspace.projects.get(project.id))


def trained(small: Small, recipes: tuple[str, ...]) -> Small:
    """Sign the goals, accept the data, train."""
    workspace, project = small.workspace, small.project
    workspace.scoping.sign(project.id, "goals")
    workspace.data.accept(small.life.datasets[0].id)
    _, job = workspace.modelling.train(project.id, TrainingOrder(dataset_id=small.life.datasets[0].id, recipes=recipes))
    carry_out(workspace, job)
    return small


def serving(small: Small, recipe: str) -> Small:
    """Register one run, approve and deploy it."""
    workspace = small.workspace
    run = next(run for run in small.life.runs if run.recipe == recipe)
    carry_out(workspace, workspace.deployment.register(run.id, "small"))
    version = small.life.versions[0]
    workspace.deployment.approve(version.id, reason="A test says so.")
    workspace.deployment.deploy(version.id)
    return small


def sklearn_csv(name: str, folder: Path) -> Path:
    """Write one of scikit-learn's data sets as a CSV with its target last."""
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    path = folder / f"{name}.csv"
    pl.from_pandas(frame).write_csv(path)
    return path


def guessed(csv: Path) -> Task:
    """Return the task that the page would propose."""
    guess = guess_task(pl.read_csv(csv))
    return guess.task if hasattr(guess, "task") else guess  # pyright: ignore

"""Bring a logged run: score its held-out rows with the file to serve, and measure it by what was agreed."""

from core.errors import FullcircleError
from core.job import Job
from core.jobs.kind import JobKind
from core.modelling.brought import Demand, bring
from core.modelling.run import Run, RunState
from core.modelling.training import class_names
from core.workspace.workspace import Workspace


def bring_run(workspace: Workspace, job: Job) -> None:
    """Do so; a run that cannot be brought says why."""
    run = workspace.modelling.get(job.arguments["run_id"])
    if run.state is RunState.FINISHED:
        return
    workspace.jobs.progress(job.id, 0.2, "scoring the held-out rows with the file to serve")
    workspace.modelling.started(run.id)
    try:
        _bring(workspace, run)
    except FullcircleError as error:
        workspace.modelling.failed(run.id, str(error))


def _bring(workspace: Workspace, run: Run) -> None:
    task = workspace.projects.get(run.project_id).task
    assert task is not None  # the order asked for it
    model, rows = workspace.bringing.material(run)
    target = workspace.data.frame(workspace.data.get(run.dataset_id))[task.target]
    unfit = set(model.columns) - set(task.inputs)
    demand = Demand(
        task=task,
        classes=class_names(target, task),
        cut=run.parameters.get("cut"),
        columns=task.inputs if unfit or not model.columns else model.columns,
    )
    workspace.bringing.finished(run, bring(model.content, rows, demand))


BRING = JobKind(name="bring", title="Bring a logged run", steps=(bring_run,))

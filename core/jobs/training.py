"""Training one run on the rows of its dataset, and recording what came of it."""

from collections.abc import Callable

import polars as pl

from core.errors import FullcircleError
from core.modelling.recipes import RECIPES
from core.modelling.run import Run, Search
from core.modelling.search import search
from core.modelling.split import labelled_rows, split
from core.modelling.training import DEFAULT_CUT, class_names, train
from core.scoping.project import Project, TaskKind
from core.workspace.workspace import Workspace

Tell = Callable[[int], None]
"""Hears how many settings of a search were tried; may stop the work by raising ``Cancelled``."""


def _unheard(_: int) -> None:
    """Hear nothing."""


def train_one(workspace: Workspace, run: Run, frame: pl.DataFrame, tell: Tell = _unheard) -> Run:
    """Train one run on a dataset's rows; what cannot be trained says why, and the others go on.

    Raises
    ------
    Cancelled
        ``tell`` did so.
    """
    project = workspace.projects.get(run.project_id)
    workspace.modelling.started(run.id)
    try:
        assert project.task is not None
        if run.search is not None:
            run = workspace.modelling.searched(run.id, _searched(project, run, run.search, frame, tell))
        best = run.search.best if run.search else None
        trained = train(
            frame,
            project.task,
            RECIPES[run.recipe],
            zone=project.zone,
            holdout_from=run.holdout_from,
            parameters=best.parameters if best else run.parameters,
        )
    except FullcircleError as error:
        return workspace.modelling.failed(run.id, str(error))
    return workspace.modelling.finished(run.id, trained)


def _searched(project: Project, run: Run, budget: Search, frame: pl.DataFrame, tell: Tell) -> Search:
    """Look for better parameters on the rows before the hold-out."""
    task = project.task
    assert task is not None
    rows = split(labelled_rows(frame, task, zone=project.zone), task, zone=project.zone, holdout_from=run.holdout_from)
    binary = task.kind is TaskKind.BINARY
    return search(
        rows.train,
        task,
        RECIPES[run.recipe],
        budget,
        classes=class_names(frame[task.target], task) if task.target in frame.columns else (),
        fixed=({"cut": DEFAULT_CUT} if binary else {}) | dict(run.parameters),
        tell=tell,
    )

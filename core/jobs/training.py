"""Training one run on the rows of its dataset, and recording what came of it."""

import polars as pl

from core.errors import FullcircleError
from core.modelling.recipes import RECIPES
from core.modelling.run import Run
from core.modelling.training import train
from core.workspace.workspace import Workspace


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

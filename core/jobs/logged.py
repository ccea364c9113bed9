"""What a project's champion has logged lately, with the labels known today."""

import polars as pl

from core.deployment.model_version import ModelVersion
from core.errors import Conflict
from core.iteration.backtest import FIT_DAYS, JUDGE_DAYS
from core.monitoring.calendar import add_days
from core.scoping.project import Project
from core.workspace.workspace import Workspace


def champion_version(workspace: Workspace, project: Project) -> ModelVersion:
    """Return the version that answers at the project's endpoint.

    Raises
    ------
    Conflict
        Nothing serves yet.
    """
    deployment = workspace.deployment.current(project.id)
    if deployment is None:
        raise Conflict("Nothing serves yet, so there is no champion. Deploy a model version first.")
    return workspace.deployment.get(deployment.champion_id)


def logged_rows(workspace: Workspace, project: Project, champion: ModelVersion) -> pl.DataFrame:
    """Return the champion's logged rows of the last weeks that have a label today.

    Raises
    ------
    Conflict
        The project has no replay clock, or the log holds too few labelled rows.
    """
    now = project.clock
    if now is None:
        raise Conflict("This project has no replay clock. Replay later data first; then use what was logged.")
    starts = add_days(now, -(FIT_DAYS + JUDGE_DAYS), project.zone)
    rows = workspace.monitoring.rows(project.id, starts, now, as_of=now)
    labelled = rows.filter((pl.col("model_version_id") == champion.id) & pl.col("label").is_not_null())
    if labelled["block"].n_unique() < 2:
        raise Conflict("The log holds too few labelled rows for this. Wait for labels; then try again.")
    return labelled.sort("event_time", "entity_id")

"""What a project's champion has logged lately, with the labels known today."""

from datetime import datetime

import polars as pl

from core.deployment.model_version import ModelVersion
from core.errors import Conflict
from core.iteration.backtest import FIT_DAYS, JUDGE_DAYS
from core.monitoring.calendar import add_days
from core.scoping.project import Project
from core.workspace.act import wall_time
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


def logged_until(workspace: Workspace, project: Project) -> datetime:
    """Return where the log ends that a case looks back on: at the replay's clock, or, live, with the newest window.

    The last days of a live project wait for labels, and a batch may lie long ago: a case is about what was measured.

    Raises
    ------
    Conflict
        The project is live and no window with labels was measured yet.
    """
    if project.clock:
        return project.clock
    measured = [window.ends for window in workspace.monitoring.windows(project.id) if window.labels]
    if not measured:
        raise Conflict(
            "No window with labels was measured yet. Bring labels, or a batch that holds them; then try again."
        )
    return max(measured)


def logged_rows(workspace: Workspace, project: Project, champion: ModelVersion) -> pl.DataFrame:
    """Return the champion's logged rows of the last weeks that have a label today.

    Raises
    ------
    Conflict
        The log holds too few labelled rows, or nothing was measured.
    """
    ends = logged_until(workspace, project)
    starts = add_days(ends, -(FIT_DAYS + JUDGE_DAYS), project.zone)
    rows = workspace.monitoring.rows(project.id, starts, ends, as_of=project.now(wall_time()))
    labelled = rows.filter((pl.col("model_version_id") == champion.id) & pl.col("label").is_not_null())
    if labelled["block"].n_unique() < 2:
        raise Conflict("The log holds too few labelled rows for this. Wait for labels; then try again.")
    return labelled.sort("event_time", "entity_id")

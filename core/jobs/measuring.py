"""Measuring: the windows that have ended, and the post-checks that are due."""

from datetime import datetime

from core.iteration.case import Choice, Decision
from core.iteration.post_check import CHECK_AFTER_DAYS
from core.monitoring.calendar import add_days
from core.statistics.estimate import Estimate
from core.workspace.workspace import Workspace


def post_checks(workspace: Workspace, project_id: str, moment: datetime) -> None:
    """Carry out the post-checks that are due at an event time."""
    for decision in workspace.iteration.due(project_id, moment):
        _post_check(workspace, decision, moment)


def _post_check(workspace: Workspace, decision: Decision, moment: datetime) -> None:
    case = workspace.iteration.get(decision.case_id)
    criterion = workspace.iteration.criterion(case)
    deployment = workspace.deployment.current(decision.project_id)
    if deployment is None or decision.check_due is None:
        return
    starts = add_days(
        decision.check_due, -CHECK_AFTER_DAYS[decision.choice], workspace.projects.get(case.project_id).zone
    )
    ends = decision.check_due

    def measured(version_id: str) -> Estimate | None:
        return workspace.monitoring.estimate(criterion, version_id, starts, ends, as_of=moment)

    replaced = deployment.shadow_ids[0] if decision.choice is Choice.RETRAIN and deployment.shadow_ids else None
    workspace.iteration.post_checked(
        decision.id,
        version_id=deployment.champion_id,
        estimate=measured(deployment.champion_id),
        beside=(replaced, measured(replaced)) if replaced else None,
    )

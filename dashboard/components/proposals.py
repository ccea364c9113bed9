"""Criteria to begin with, proposed from the labels of the accepted data."""

from dataclasses import replace

from core.lifecycle.life import Life
from core.modelling.split import labelled_rows
from core.scoping.proposal import propose_criteria
from dashboard import session


def can_propose(life: Life) -> bool:
    """Tell whether there is something to propose from: a task, accepted data, and no criterion yet."""
    return life.project.task is not None and life.accepted is not None and not life.criteria_in_force


def propose(life: Life) -> None:
    """Add the proposed criteria to the project, unsigned.

    Raises
    ------
    InvalidInput
        The labels are all alike, or there are none.
    """
    task, accepted = life.project.task, life.accepted
    if task is None or accepted is None:
        return
    workspace = session.workspace()
    rows = labelled_rows(workspace.data.frame(accepted), task, zone=life.project.zone)
    proposals = propose_criteria(rows["label"], kind=task.kind)
    workspace.scoping.agree(life.project.id, [replace(p, block=task.block) for p in proposals])

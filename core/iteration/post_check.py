"""The post-check: when it is due, and what its verdict does to the case."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.iteration.case import CaseState, Choice
from core.scoping.criterion import Verdict

CHECK_AFTER_DAYS: Mapping[Choice, int] = {
    Choice.WAIT: 14,  # one window: a passing cause is over by then or it is none
    Choice.THRESHOLD: 28,
    Choice.RECALIBRATE: 28,
    Choice.RETRAIN: 28,  # four weeks: enough days to decide most criteria
}
MORE_DAYS = 7  # an undecided post-check is repeated when there is another week to look at


def due_after(choice: Choice, on: datetime) -> datetime:
    """Return the event time at which a decision's post-check is due."""
    return on + timedelta(days=CHECK_AFTER_DAYS[choice])


def state_after(verdict: Verdict) -> CaseState:
    """Return a case's state after its post-check: met closes it, not met opens it again, undecided waits on."""
    states = {Verdict.MET: CaseState.CLOSED_MET, Verdict.NOT_MET: CaseState.REOPENED}
    return states.get(verdict, CaseState.CHECKING)

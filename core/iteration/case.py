"""A case: from the alert to the post-check that closes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.modelling.run import Evaluation
from core.scoping.criterion import Verdict
from core.statistics.estimate import Estimate


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    DECIDED = "decided"
    ACTING = "acting"
    CHECKING = "checking"
    CLOSED_MET = "closed_met"
    CLOSED_ACCEPTED = "closed_accepted"
    REOPENED = "reopened"


class Choice(StrEnum):
    """What can be done about a case."""

    WAIT = "wait"
    THRESHOLD = "threshold"
    RECALIBRATE = "recalibrate"
    RETRAIN = "retrain"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOption:
    """One choice, back-tested: fitted on earlier rows only, measured on the newest labelled rows it has not seen.

    ``differences`` are a retrained model's figures less the champion's on those rows, paired; empty for the others.
    """

    choice: Choice
    evaluations: tuple[Evaluation, ...]
    note: str = ""
    differences: tuple[Evaluation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The options of a case side by side on the same rows ``[judged_from, judged_to)``."""

    fitted_from: datetime
    judged_from: datetime
    judged_to: datetime
    rows: int
    options: tuple[CaseOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case about one criterion.

    ``champion_evaluations`` are the serving model's on the challenger's hold-out, ``differences`` the challenger's
    minus the champion's on those rows.
    """

    id: str
    project_id: str
    number: int
    criterion_id: str
    alert_id: str
    state: CaseState = CaseState.OPEN
    backtest: Backtest | None = None
    challenger_run_id: str | None = None
    challenger_id: str | None = None
    champion_evaluations: tuple[Evaluation, ...] = ()
    differences: tuple[Evaluation, ...] = ()
    opened_on: datetime
    closed_on: datetime | None = None
    created_at: datetime


def may_decide(case: Case) -> bool:
    """Tell whether a case waits for a decision: open, open again, or with a challenger that need not be promoted."""
    waiting = case.state in {CaseState.OPEN, CaseState.REOPENED}
    return waiting or (case.state is CaseState.ACTING and case.challenger_id is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person chose and why; ``check_due`` is the event time of its post-check."""

    id: str
    project_id: str
    case_id: str
    choice: Choice
    reason: str
    by: str
    at: datetime
    on: datetime
    check_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCheck:
    """Did it help? The criterion on the window after the decision, beside what was replaced on the same rows."""

    id: str
    project_id: str
    case_id: str
    decision_id: str
    starts: datetime
    ends: datetime
    model_version_id: str
    estimate: Estimate | None
    verdict: Verdict
    counterfactual_id: str | None = None
    counterfactual: Estimate | None = None
    on: datetime
    at: datetime

"""A window of production: what was measured in it, and what each criterion says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.drift.column_drift import ColumnDrift
from core.monitoring.service import ServiceSignals
from core.scoping.criterion import Verdict
from core.statistics.estimate import Estimate


class WindowState(StrEnum):
    """How complete a window is."""

    FILLING = "filling"
    MATURING = "maturing"
    COMPLETE = "complete"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutLabels:
    """What a criterion's metric was expected to be without labels: it judges nothing and raises no alert.

    ``estimate`` is ``None`` where nothing could be said; ``reason`` then says why. ``unexplained`` is the realised
    value minus the expected one of the same rows: what the change of the inputs does not explain. ``method`` is CBPE,
    PAPE or DLE.
    """

    method: str = ""
    estimate: Estimate | None = None
    unexplained: Estimate | None = None
    reason: str = ""

    @property
    def explained(self) -> bool | None:
        """Tell whether the inputs alone explain what was realised; ``None`` where the two were not compared."""
        interval = self.unexplained.interval if self.unexplained else None
        return interval.contains(0.0) if interval else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowJudgement:
    """One criterion on one window for one model version; ``without_labels`` is there where it was asked for."""

    criterion_id: str
    criterion_hash: str
    model_version_id: str
    variant: str
    estimate: Estimate | None
    verdict: Verdict
    reason: str = ""
    blocks_to_decide: int | None = None
    without_labels: WithoutLabels | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInWindow:
    """One rule of the contract on the last week of a window: ``broken`` of ``rows`` rows broke it.

    ``kept`` is ``None`` where the rule could not be tested on what is logged.
    """

    key: str
    text: str
    kept: bool | None
    broken: int = 0
    rows: int = 0

    @property
    def share(self) -> float:
        """Return the share of rows that broke it, 0-1."""
        return self.broken / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Half-open span of event time ``[starts, ends)``.

    ``outside`` maps an input to the share of its rows outside the champion's training range, 0-1. ``drift`` compares
    the window's last week with the training data. ``watermark`` is the newest prediction that was read. ``rules`` say
    what became of the contract ``contract_id`` in the last week; ``None`` where none was in force. ``pictures`` is the
    hash of the table with what is drawn of the last week's columns. ``service`` is ``None`` where nothing was asked
    over the wire, and where an earlier release measured the window. ``name`` is that of the batch whose rows the span
    covers, ``counted`` the number of predictions of a window by count, 0 for one of days: both are compared as a whole,
    not by their last week.
    """

    id: str
    project_id: str
    endpoint: str
    starts: datetime
    ends: datetime
    state: WindowState
    predictions: int
    labels: int
    judgements: tuple[WindowJudgement, ...] = ()
    drift: tuple[ColumnDrift, ...] = ()
    outside: Mapping[str, float] | None = None
    watermark: datetime | None = None
    contract_id: str | None = None
    rules: tuple[RuleInWindow, ...] | None = None
    pictures: str | None = None
    name: str = ""
    counted: int = 0
    service: ServiceSignals | None = None
    created_at: datetime

    @property
    def whole(self) -> bool:
        """Tell whether all rows are compared with the training data; of days only the last week is."""
        return bool(self.name or self.counted)

    def judgement(self, criterion_id: str, variant: str = "champion") -> WindowJudgement | None:
        """Return what a criterion says of this window for the champion (or a shadow), or ``None``."""
        return next((j for j in self.judgements if j.criterion_id == criterion_id and j.variant == variant), None)


class AlertState(StrEnum):
    """Where an alert stands."""

    NEW = "new"
    SEEN = "seen"
    IN_CASE = "in_case"
    CLOSED = "closed"


class AlertKind(StrEnum):
    """What an alert is about: a criterion that is not met, a window without predictions, one without new labels."""

    CRITERION = "criterion"
    NO_PREDICTIONS = "no_predictions"
    NO_LABELS = "no_labels"


class CloseReason(StrEnum):
    """What an alert turned out to be, by the word of the person who closes it."""

    REAL = "real"
    EXPECTED = "expected"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A criterion that production no longer meets: one alert an onset, not one a window.

    ``owner`` is the person who sees to it. Until ``muted_until`` (event time) it sends nothing and waits on nobody;
    what it is and what it keeps closed stay. ``note`` is what the person wrote who closed it. An alert of silence has
    no window and no estimate: ``criterion_id`` is then the first criterion that could not be measured.
    """

    id: str
    project_id: str
    kind: AlertKind = AlertKind.CRITERION
    criterion_id: str
    window_id: str
    model_version_id: str
    state: AlertState = AlertState.NEW
    onset: datetime
    estimate: Estimate | None
    case_id: str | None = None
    owner: str | None = None
    muted_until: datetime | None = None
    mute_reason: str = ""
    closed_reason: str = ""
    note: str = ""
    created_at: datetime
    closed_on: datetime | None = None

    @property
    def waits_for_a_case(self) -> bool:
        """Tell whether a case may be opened about it; one of silence closes by itself."""
        return self.kind is AlertKind.CRITERION and self.state in {AlertState.NEW, AlertState.SEEN}

    def muted(self, on: datetime) -> bool:
        """Tell whether the alert is muted at an event time."""
        return self.muted_until is not None and on < self.muted_until

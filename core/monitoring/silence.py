"""A monitor that hears nothing: a window that is due and has no predictions, or in which no label arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ids import new_id
from core.metrics import METRICS
from core.monitoring.window import Alert, AlertKind, AlertState
from core.scoping.criterion import Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came in the span that ends at ``ends``: whether the champion answered, and whether any label arrived.

    Labels are counted by when they were observed, not by the rows they belong to: labels that always take a month
    arrive every week all the same.
    """

    project_id: str
    version_id: str
    ends: datetime
    predictions: bool
    labels: bool


def silences(heard: Heard, criteria: Sequence[Criterion]) -> dict[AlertKind, Criterion]:
    """Return what is silent, each with the first criterion that cannot be measured without it.

    Where nothing is predicted, labels are not missed.
    """
    if not heard.predictions:
        return {AlertKind.NO_PREDICTIONS: criteria[0]} if criteria else {}
    need = [c for c in criteria if METRICS[c.metric].needs == "labels"]
    return {AlertKind.NO_LABELS: need[0]} if need and not heard.labels else {}


def raised(heard: Heard, criteria: Sequence[Criterion], alerts: Sequence[Alert], *, at: datetime) -> list[Alert]:
    """Return the alerts that a silence raises: one an onset, so none while one is open, nor twice for one window."""
    known = {a.kind for a in alerts if a.state is not AlertState.CLOSED or a.onset == heard.ends}
    return [
        Alert(
            id=new_id(),
            project_id=heard.project_id,
            kind=kind,
            criterion_id=criterion.id,
            window_id="",
            model_version_id=heard.version_id,
            onset=heard.ends,
            estimate=None,
            created_at=at,
        )
        for kind, criterion in silences(heard, criteria).items()
        if kind not in known
    ]


def over(heard: Heard, alerts: Sequence[Alert]) -> list[Alert]:
    """Return the open alerts of a silence that is over. Labels are known to come only where there are predictions."""
    came = {AlertKind.NO_PREDICTIONS: heard.predictions, AlertKind.NO_LABELS: heard.labels}
    return [a for a in alerts if a.state is not AlertState.CLOSED and came.get(a.kind, False)]

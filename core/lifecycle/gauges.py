"""A project's newest window as gauges, for a monitoring system outside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.drift.column_drift import DriftVerdict
from core.lifecycle.life import Life
from core.monitoring.window import AlertState, Window
from core.scoping.criterion import Stage, Verdict

MOST_COLUMNS = 50
"""Columns of a project with a gauge of their own, the farthest moved first: a label's values must stay few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One measurement: a name of ``NAMES``, its labels, its value."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    value: float


NAMES: Mapping[str, str] = {
    "fullcircle_window_end_timestamp_seconds": "When the newest window ends, on the project's clock.",
    "fullcircle_window_predictions": "Predictions of the champion in the newest window.",
    "fullcircle_window_labels": "Predictions of the newest window whose label is known.",
    "fullcircle_window_requests": "Requests of the newest window by what became of them: answered, refused or failed.",
    "fullcircle_columns_compared": "Columns of the newest window that were compared with the training data.",
    "fullcircle_columns_drifted": "Columns of the newest window that drifted.",
    "fullcircle_column_effect": f"How far a column has moved, 0 to 1; the {MOST_COLUMNS} farthest of a project.",
    "fullcircle_criterion_value": "What a criterion's metric is in the newest window that measured it.",
    "fullcircle_criterion_threshold": "What was agreed.",
    "fullcircle_criterion_verdict": "1 for the verdict in force, 0 for the others.",
    "fullcircle_alerts_open": "Alerts that are not closed, by state.",
}
"""What each gauge says, by its name; the order in which they are written."""


def gauges(life: Life) -> tuple[Gauge, ...]:
    """Return the gauges of a project; none of a window before there is one."""
    return (*_window(life), *_criteria(life), *_alerts(life))


def _window(life: Life) -> Iterator[Gauge]:
    window = life.latest_window
    if window is None:
        return
    drifted = sum(column.verdict is DriftVerdict.DRIFTED for column in window.drift)
    yield Gauge(name="fullcircle_window_end_timestamp_seconds", value=window.ends.timestamp())
    yield Gauge(name="fullcircle_window_predictions", value=window.predictions)
    yield Gauge(name="fullcircle_window_labels", value=window.labels)
    yield from _requests(window)
    yield Gauge(name="fullcircle_columns_compared", value=len(window.drift))
    yield Gauge(name="fullcircle_columns_drifted", value=drifted)
    moved = sorted(((c.effect, c.column) for c in window.drift if c.effect is not None), key=lambda m: (-m[0], m[1]))
    for effect, column in moved[:MOST_COLUMNS]:
        yield Gauge(name="fullcircle_column_effect", labels={"column": column}, value=effect)


def _requests(window: Window) -> Iterator[Gauge]:
    did = window.service
    counts = {"answered": did.requests, "refused": did.refused, "failed": did.failed} if did else {}
    for outcome, count in counts.items():
        if count is not None:
            yield Gauge(name="fullcircle_window_requests", labels={"outcome": outcome}, value=count)


def _criteria(life: Life) -> Iterator[Gauge]:
    for criterion in life.criteria_at(Stage.LIVE):
        labels = {"criterion": criterion.key, "metric": criterion.metric}
        yield Gauge(name="fullcircle_criterion_threshold", labels=labels, value=criterion.threshold)
        judgement = life.now_says(criterion)
        if judgement is None:
            continue
        if judgement.estimate is not None:
            yield Gauge(name="fullcircle_criterion_value", labels=labels, value=judgement.estimate.value)
        for verdict in Verdict:
            in_force = float(judgement.verdict is verdict)
            yield Gauge(name="fullcircle_criterion_verdict", labels={**labels, "verdict": verdict}, value=in_force)


def _alerts(life: Life) -> Iterator[Gauge]:
    for state in (AlertState.NEW, AlertState.SEEN, AlertState.IN_CASE):
        count = sum(alert.state is state for alert in life.alerts)
        yield Gauge(name="fullcircle_alerts_open", labels={"state": state}, value=count)

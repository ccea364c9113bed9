"""What is sent about an alert: one JSON body for webhooks, one text for e-mail.

The body, version 1::

    {"version": 1, "event": "alert.raised" | "test", "delivery": "<id, the same when it is sent again>",
     "text": "<one sentence: what chat programs show>", "link": "<address of the alert's page>",
     "project": {"slug": str, "name": str},
     "alert": null | {"id": str, "kind": "criterion" | "no_predictions" | "no_labels",
                      "onset": "<ISO 8601, UTC>", "starts": str | null, "ends": str | null,
                      "criterion": {"key", "metric", "slice", "direction", "threshold"},
                      "estimate": null | {"value", "lower": float | null, "upper": float | null, "rows", "blocks"},
                      "model": "<title of the version>"}}

``delivery`` is also the header ``Idempotency-Key``: a receiver that has seen it may drop the message. A field may be
added in version 1; none changes or goes.
"""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from core.deployment.model_version import ModelVersion
from core.metrics import METRICS
from core.monitoring.routing import Delivery
from core.monitoring.window import Alert, AlertKind, Window
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from core.statistics.estimate import Estimate

_SILENT = {AlertKind.NO_PREDICTIONS: "predictions", AlertKind.NO_LABELS: "labels"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert with all that a message says of it."""

    alert: Alert
    criterion: Criterion
    window: Window | None
    version: ModelVersion | None


def body(project: Project, delivery: Delivery, told: Told | None, *, link: str) -> dict[str, Any]:
    """Return the JSON body of a message; without an alert it is a test."""
    return {
        "version": 1,
        "event": "alert.raised" if told else "test",
        "delivery": delivery.id,
        "text": f"{project.name}: {sentence(project, told)}",
        "link": link,
        "project": {"slug": project.slug, "name": project.name},
        "alert": _alert(told) if told else None,
    }


def sentence(project: Project, told: Told | None) -> str:
    """Return what is told, in one sentence."""
    if told is None:
        return "this is a test. Alerts of this project arrive here."
    criterion, estimate = told.criterion, told.alert.estimate
    day = (told.alert.onset - timedelta(microseconds=1)).astimezone(project.zone)  # midnight ends the day before
    if estimate is None:
        return f"no {_SILENT[told.alert.kind]} came in the window to {day:%-d %b %Y}; {criterion.key} is not measured."
    interval = f" [{_short(estimate.interval.lower)}, {_short(estimate.interval.upper)}]" if estimate.interval else ""
    where = f" where {criterion.slice.text}" if criterion.slice.conditions else ""
    return (
        f"{criterion.key}, {METRICS[criterion.metric].title.lower()}{where}: {_short(estimate.value)}{interval} in the "
        f"window to {day:%-d %b %Y}, agreed {criterion.direction} {criterion.threshold:,.15g}: not met."
    )


def email(project: Project, delivery: Delivery, told: Told | None, *, link: str) -> EmailMessage:
    """Return the e-mail of a message, without sender and receivers; its id is the same when it is sent again."""
    message = EmailMessage()
    about = f"alert on {told.criterion.key}" if told else "a test"
    message["Subject"] = " ".join(f"{project.name}: {about}".split())
    message["Message-ID"] = f"<{delivery.id}@fullcircle>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers
    message.set_content(f"{project.name}: {sentence(project, told)}\n\n{link}\n")
    return message


def _alert(told: Told) -> dict[str, Any]:
    alert, criterion, estimate = told.alert, told.criterion, told.alert.estimate
    return {
        "id": alert.id,
        "kind": alert.kind,
        "onset": alert.onset.isoformat(),
        "starts": told.window.starts.isoformat() if told.window else None,
        "ends": told.window.ends.isoformat() if told.window else None,
        "criterion": {
            "key": criterion.key,
            "metric": criterion.metric,
            "slice": criterion.slice.text,
            "direction": criterion.direction,
            "threshold": criterion.threshold,
        },
        "estimate": _estimate(estimate) if estimate else None,
        "model": told.version.title if told.version else "",
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "value": estimate.value,
        "lower": interval.lower if interval else None,
        "upper": interval.upper if interval else None,
        "rows": estimate.n,
        "blocks": estimate.n_blocks,
    }


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

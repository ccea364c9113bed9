"""How an endpoint is: what the scorer says of itself, read for one project."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EndpointState(StrEnum):
    """How an endpoint is."""

    READY = "ready"
    STARTING = "starting"
    DEGRADED = "degraded"
    DOWN = "down"
    NOT_WATCHED = "not_watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealth:
    """An endpoint's state with the sentence that says what to do, and its counts since the scorer started.

    ``refused`` are requests that could not be accepted, ``errors`` those that the scorer failed. ``p95_ms`` is that of
    the last 1,000 answers, the spell in the log included.
    """

    state: EndpointState
    sentence: str = ""
    requests: int = 0
    rows: int = 0
    refused: int = 0
    errors: int = 0
    p95_ms: float | None = None
    last_error: str = ""


def down(sentence: str) -> EndpointHealth:
    """Return the health of an endpoint whose scorer does not answer."""
    return EndpointHealth(state=EndpointState.DOWN, sentence=sentence)


def endpoint_health(status: Mapping[str, Any], endpoint: str, *, revision: int) -> EndpointHealth:
    """Read the scorer's status for one endpoint that should serve ``revision``."""
    found: Mapping[str, Any] = next((e for e in status["endpoints"] if e["endpoint"] == endpoint), {})
    problem = str(status["problems"].get(endpoint, ""))
    state, sentence = _state(status, found, problem, revision)
    return EndpointHealth(
        state=state,
        sentence=sentence,
        requests=found.get("requests", 0),
        rows=found.get("rows", 0),
        refused=found.get("refused", 0),
        errors=found.get("errors", 0),
        p95_ms=found.get("p95_ms"),
        last_error=found.get("last_error", ""),
    )


def _state(
    status: Mapping[str, Any], found: Mapping[str, Any], problem: str, revision: int
) -> tuple[EndpointState, str]:
    if not found:
        if problem:
            return EndpointState.DOWN, problem
        return EndpointState.STARTING, "The scorer is loading the model. It answers in a moment."
    if problem:
        return EndpointState.DEGRADED, problem
    if not status["ready"] or found["revision"] != revision:
        return EndpointState.STARTING, f"Revision {revision} is being loaded; until then the one before answers."
    return EndpointState.READY, ""

"""What the scorer logged, as rows: one for each scored row and variant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from core.scoping.project import Project
from core.unanswered import Count

INPUT_PREFIX = "input_"


def shipped_rows(bodies: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> pl.DataFrame:
    """Return the bodies of logged requests as rows, inputs under ``input_<name>``; ``day`` is local to ``zone``.

    ``contract_version`` is what a row was held to, ``broken_rules`` which of its rules it breaks; empty where there
    was no contract, and where the row keeps it.
    """
    frames = [frame for body in bodies for frame in _rows(body, zone)]
    return pl.concat(frames, how="diagonal_relaxed")


def unanswered_rows(counts: Sequence[Count], project: Project) -> pl.DataFrame:
    """Return counts of refused and failed requests as rows, at the time that it was for the project when they came.

    What cannot be read has no event time of its own, so the minute of its arrival stands for it; in a replay that is
    where the replay stood.
    """
    at = [project.now(count.minute) for count in counts]
    return pl.DataFrame(
        {
            "event_time": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
            "day": [time.astimezone(project.zone).date().isoformat() for time in at],
            "deployment_revision": [count.what.revision for count in counts],
            "model_version_id": [count.what.version_id for count in counts],
            "status": [count.what.status for count in counts],
            "requests": [count.requests for count in counts],
            "slowest_ms": [count.slowest_ms for count in counts],
        }
    )


def _rows(body: Mapping[str, Any], zone: ZoneInfo) -> list[pl.DataFrame]:
    event_time = datetime.fromisoformat(body["event_time"])
    inputs = {INPUT_PREFIX + name: values for name, values in body["inputs"].items()}
    contract = body.get("contract") or {}
    same = {
        "request_id": body["request_id"],
        "event_time": event_time,
        "day": event_time.astimezone(zone).date().isoformat(),
        "deployment_revision": body["revision"],
        "latency_ms": float(body["latency_ms"]),
        "answered_at": datetime.fromisoformat(body["answered_at"]),
        "contract_version": contract.get("version"),
    }
    marks = _marks(contract.get("broken") or {}, len(body["entity_ids"]))
    return [
        pl.DataFrame(
            {
                "row": range(len(answer["score"])),
                "entity_id": body["entity_ids"],
                "model_version_id": answer["version_id"],
                "variant": answer["variant"],
                "score": answer["score"],
                "predicted": [None if value is None else str(value) for value in answer["predicted"]],
                **inputs,
            },
            strict=False,
        ).with_columns(marks, **{name: pl.lit(value) for name, value in same.items()})
        for answer in body["answers"]
        if "score" in answer
    ]


def _marks(broken: Mapping[str, Sequence[int]], rows: int) -> pl.Series:
    """Return the keys of the rules that each row breaks, empty where it breaks none."""
    found: dict[int, list[str]] = {}
    for rule, places in broken.items():
        for place in places:
            found.setdefault(place, []).append(rule)
    return pl.Series("broken_rules", [found.get(row) for row in range(rows)], dtype=pl.List(pl.String))

"""What the scorer logged, as rows: one for each scored row and variant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

INPUT_PREFIX = "input_"


def shipped_rows(bodies: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> pl.DataFrame:
    """Return the bodies of logged requests as rows, inputs under ``input_<name>``; ``day`` is local to ``zone``.

    ``contract_version`` is what a row was held to, ``broken_rules`` which of its rules it breaks; empty where there
    was no contract, and where the row keeps it.
    """
    frames = [frame for body in bodies for frame in _rows(body, zone)]
    return pl.concat(frames, how="diagonal_relaxed")


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

"""What the scorer logged, as rows: one for each scored row and variant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import orjson
import polars as pl

INPUT_PREFIX = "input_"


class Logged(Protocol):
    """A record of the scorer's spool: its JSON body."""

    @property
    def body(self) -> bytes: ...


def shipped_rows(records: Sequence[Logged], zone: ZoneInfo) -> pl.DataFrame:
    """Return logged requests as rows, each input under ``input_<name>``; ``day`` is local to ``zone``."""
    frames = [frame for record in records for frame in _rows(orjson.loads(record.body), zone)]
    return pl.concat(frames, how="diagonal_relaxed")


def _rows(body: dict[str, Any], zone: ZoneInfo) -> list[pl.DataFrame]:
    event_time = datetime.fromisoformat(body["event_time"])
    inputs = {INPUT_PREFIX + name: values for name, values in body["inputs"].items()}
    same = {
        "request_id": body["request_id"],
        "event_time": event_time,
        "day": event_time.astimezone(zone).date().isoformat(),
        "deployment_revision": body["revision"],
        "latency_ms": float(body["latency_ms"]),
        "answered_at": datetime.fromisoformat(body["answered_at"]),
    }
    return [
        pl.DataFrame(
            {
                "row": range(len(answer["score"])),
                "entity_id": body["entity_ids"],
                "model_version_id": answer["version_id"],
                "variant": answer["variant"],
                "score": answer["score"],
                "predicted": [str(value) for value in answer["predicted"]],
                **inputs,
            },
            strict=False,
        ).with_columns(**{name: pl.lit(value) for name, value in same.items()})
        for answer in body["answers"]
        if "score" in answer
    ]

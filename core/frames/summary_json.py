"""Summaries as plain JSON values, and back: what is stored of a dataset, a window or a day."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.frames.buckets import Buckets, Sketch
from core.frames.histogram import Histogram
from core.frames.moments import Moments
from core.frames.summary import ColumnSummary, Numbers


def to_json(summary: ColumnSummary) -> dict[str, Any]:
    """Return a summary as values that JSON holds: no NaN, no keys that are not text."""
    plain = asdict(summary)
    plain["numbers"]["moments"] = {k: None if _is_nan(v) else v for k, v in plain["numbers"]["moments"].items()}
    plain["levels"] = _pairs(summary.levels)
    plain["shapes"] = _pairs(summary.shapes)
    return plain


def from_json(plain: Mapping[str, Any]) -> ColumnSummary:
    """Return the summary that ``to_json`` has made plain."""
    numbers, sketch = plain["numbers"], plain["numbers"]["sketch"]
    moments: dict[str, Any] = {name: math.nan if value is None else value for name, value in numbers["moments"].items()}
    signs = {sign: Buckets(**_tuples(sketch[sign])) for sign in ("negative", "positive")}
    values: dict[str, Any] = {
        **plain,
        "numbers": Numbers(
            minimum=numbers["minimum"],
            maximum=numbers["maximum"],
            moments=Moments(**moments),
            sketch=Sketch(linear=sketch["linear"], zeros=sketch["zeros"], **signs),
        ),
        "levels": _counts(plain["levels"]),
        "shapes": _counts(plain["shapes"]),
        "histogram": plain["histogram"] and Histogram(**_tuples(plain["histogram"])),
    }
    return ColumnSummary(**values)


def _pairs(counts: Mapping[Any, int] | None) -> list[list[Any]] | None:
    return None if counts is None else [[value, count] for value, count in counts.items()]


def _counts(pairs: list[list[Any]] | None) -> dict[Any, int] | None:
    return None if pairs is None else {pair[0]: pair[1] for pair in pairs}


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, (list, tuple)) else value for name, value in fields.items()}


def _is_nan(value: float) -> bool:
    return isinstance(value, float) and math.isnan(value)

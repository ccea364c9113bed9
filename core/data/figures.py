"""The figures of a column that the page shows, from its summary: JSON values only."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from core.frames.histogram import Histogram
from core.frames.moments import Floats
from core.frames.summary import ColumnSummary

BINS = 30
TOP = 20
SHARES = {"p01": 0.01, "p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95, "p99": 0.99}
_ZONE = re.compile(r"time_zone='([^']+)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a column beside its summary: from all its values in memory, or from a second pass.

    ``quantiles`` are those of ``SHARES``, exact. ``top`` are the most frequent values, as they may be shown.
    """

    distinct: int
    quantiles: Floats | None = None
    top: Sequence[tuple[Any, int]] | None = None


def figures_of(summary: ColumnSummary, known: Known) -> dict[str, Any]:
    """Return a column's figures; ``core.data.profile`` says which."""
    missing = summary.nulls + summary.nans
    figures: dict[str, Any] = {
        "kind": summary.kind,
        "type": summary.type.lower(),
        "count": summary.count,
        "nulls": missing,
        "missing_share": missing / summary.count if summary.count else 0.0,
        "distinct": known.distinct,
        "unique": known.distinct == summary.present > 0,
        "min": None,
        "max": None,
        "mean": None,
    }
    if summary.kind in ("number", "time") and summary.numbers.moments.n:
        figures |= _of_numbers(summary, known) if summary.kind == "number" else _of_times(summary, known)
    if summary.kind == "text":
        figures |= _of_texts(summary)
    return figures if known.top is None else figures | _of_top(summary, known)


def histogram_edges(low: float, high: float, quartiles: tuple[float, float]) -> Floats | None:
    """Return the edges of equal bins that leave out what lies further than three quartile distances outside."""
    reach = 3 * (quartiles[1] - quartiles[0]) or math.inf
    start, end = max(low, quartiles[0] - reach), min(high, quartiles[1] + reach)
    edges = np.linspace(start, end, BINS + 1) if end > start else np.array([start, np.nextafter(start, math.inf)])
    return edges if np.isfinite(edges).all() and (np.diff(edges) > 0).all() else None


def _of_numbers(summary: ColumnSummary, known: Known) -> dict[str, Any]:
    numbers, moments = summary.numbers, summary.numbers.moments
    return {
        "min": _number(numbers.minimum),
        "max": _number(numbers.maximum),
        "mean": _number(moments.mean),
        "std": moments.deviation,
        "skewness": moments.skewness,
        "kurtosis": moments.kurtosis,
        "zeros": numbers.sketch.zeros,
        "infinities": summary.infinities,
        **{name: _number(value) for name, value in zip(SHARES, _quantiles(summary, known), strict=True)},
        "quantiles_within": 0.0 if known.quantiles is not None else summary.quantiles_within,
        "histogram": _bins(summary.histogram),
    }


def _of_times(summary: ColumnSummary, known: Known) -> dict[str, Any]:
    bins = _bins(summary.histogram)
    quantiles = zip(SHARES, _quantiles(summary, known), strict=True)
    return {
        "min": _time(summary.numbers.minimum, summary.type),
        "max": _time(summary.numbers.maximum, summary.type),
        **{name: _second(value) for name, value in quantiles},
        "quantiles_within": 0.0 if known.quantiles is not None else summary.quantiles_within,
        "histogram": bins and {**bins, "edges": [_second(edge) for edge in bins["edges"]]},
    }


def _of_texts(summary: ColumnSummary) -> dict[str, Any]:
    lengths, shapes = summary.numbers, summary.shapes
    most = sorted((shapes or {}).items(), key=lambda item: (-item[1], item[0]))
    return {
        "lengths": {
            "min": lengths.minimum,
            "mean": _number(lengths.moments.mean) if lengths.moments.n else None,
            "max": lengths.maximum,
        },
        "shapes": [{"value": shape, "count": count} for shape, count in most[:TOP]],
        "shapes_distinct": None if shapes is None else len(shapes),
        "shapes_others": None if shapes is None else sum(count for _, count in most[TOP:]),
    }


def _of_top(summary: ColumnSummary, known: Known) -> dict[str, Any]:
    top = list(known.top or ())
    return {
        "top": [{"value": value, "count": count} for value, count in top],
        "others": summary.present - sum(count for _, count in top),
    }


def _quantiles(summary: ColumnSummary, known: Known) -> Floats:
    return known.quantiles if known.quantiles is not None else summary.quantiles(*SHARES.values())


def _bins(histogram: Histogram | None) -> dict[str, Any] | None:
    if histogram is None:
        return None
    return {
        "edges": list(histogram.edges),
        "counts": list(histogram.counts),
        "below": histogram.below,
        "above": histogram.above,
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _time(microseconds: float | None, of_type: str) -> str | None:
    """Return a time as the column writes it: a date, or a time with its zone's offset where it has a zone."""
    if microseconds is None:
        return None
    try:
        moment = datetime(1970, 1, 1) + timedelta(microseconds=int(microseconds))  # noqa: DTZ001 - its zone comes next
        zone = _ZONE.search(of_type)
        placed = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone[1])) if zone else moment
    except (OverflowError, ValueError, ZoneInfoNotFoundError):  # a year that no calendar of ours has
        return None
    return (placed.date() if of_type == "Date" else placed).isoformat()


def _second(second: float) -> str | None:
    try:
        return datetime.fromtimestamp(second, tz=UTC).replace(tzinfo=None, microsecond=0).isoformat()
    except (OverflowError, OSError, ValueError):
        return None

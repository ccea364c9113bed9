"""The plain figures of a column for the page: JSON values only."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.column import Column, plain, shareable, sorted_quantiles

Profile = Mapping[str, Mapping[str, Any]]

BINS = 30
TOP = 20
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def profile(parquet: Path) -> Profile:
    """Return each column's figures, one column in memory at a time."""
    names = pl.scan_parquet(parquet).collect_schema().names()
    return {
        name: profile_column(Column(name=name, position=i, series=read_column(parquet, name), now=_LONG_AGO))
        for i, name in enumerate(names)
    }


def read_column(parquet: Path, name: str) -> pl.Series:
    """Return one column of a Parquet file."""
    return pl.read_parquet(parquet, columns=[name]).to_series()


@np.errstate(all="ignore")  # figures of numbers near the largest possible overflow; they are then left out
def profile_column(column: Column) -> Mapping[str, Any]:
    """Return ``kind, type, count, nulls, missing_share, distinct, unique, min, max, mean, ...``.

    Numbers and times have a ``histogram`` (``edges``, ``counts``, and how many lie ``below`` and ``above`` the edges,
    which leave out far values); texts and truth values have ``top`` (value and count) and ``others``.
    """
    figures: dict[str, Any] = {
        "kind": column.kind,
        "type": str(column.series.dtype).lower(),
        "count": column.rows,
        "nulls": column.missing,
        "missing_share": column.missing / column.rows if column.rows else 0.0,
        "distinct": column.distinct,
        "unique": column.distinct == column.present > 0,
        "min": None,
        "max": None,
        "mean": None,
    }
    if column.kind in ("number", "time"):
        figures |= _of_numbers(column) if column.kind == "number" else _of_times(column)
    if column.kind in ("text", "boolean") or column.distinct <= TOP:
        figures |= _of_levels(column)
    return figures


def _of_numbers(column: Column) -> Mapping[str, Any]:
    values = column.numbers
    if not len(values):
        return {}
    quartiles = sorted_quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    deviation = float(values.std(ddof=1)) if len(values) > 1 else None
    return {
        "min": _number(values[0], whole=column.whole),
        "max": _number(values[-1], whole=column.whole),
        "mean": _number(values.mean()),
        "std": _number(deviation),
        "zeros": int(np.searchsorted(values, 0, side="right") - np.searchsorted(values, 0, side="left")),
        "infinities": column.present - len(values),
        **dict(zip(("p05", "p25", "median", "p75", "p95"), map(_number, quartiles), strict=True)),
        "histogram": _histogram(values),
    }


def _of_times(column: Column) -> Mapping[str, Any]:
    values = column.numbers
    if not len(values):
        return {}
    counted = _histogram(values)
    return {
        "min": plain(column.series.min()),
        "max": plain(column.series.max()),
        "histogram": counted and {**counted, "edges": [_iso(edge) for edge in counted["edges"]]},
    }


def _of_levels(column: Column) -> Mapping[str, Any]:
    top = column.levels.head(TOP)
    counts = top["count"].to_list()
    secret = column.personal is not None
    texts = [shareable(value, secret=secret) for value in top["value"].to_list()]
    return {
        "top": [{"value": value, "count": count} for value, count in zip(texts, counts, strict=True)],
        "others": int(column.levels["count"].sum()) - sum(counts),
    }


def _histogram(values: NDArray[np.float64]) -> dict[str, Any] | None:
    """Count sorted values in equal bins; values further than 3 quartile distances out are only counted."""
    low, high = sorted_quantiles(values, [0.25, 0.75])
    reach = 3 * (high - low) or math.inf
    start, end = max(values[0], low - reach), min(values[-1], high + reach)
    edges = np.linspace(start, end, BINS + 1) if end > start else np.array([start, np.nextafter(start, math.inf)])
    if not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        return None
    places = np.searchsorted(values, edges, side="left")
    places[-1] = np.searchsorted(values, edges[-1], side="right")
    return {
        "edges": [float(edge) for edge in edges],
        "counts": [int(count) for count in np.diff(places)],
        "below": int(places[0]),
        "above": int(len(values) - places[-1]),
    }


def _number(value: float | None, *, whole: bool = False) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if whole else float(value)


def _iso(second: float) -> str | None:
    try:
        return datetime.fromtimestamp(second, tz=UTC).replace(tzinfo=None, microsecond=0).isoformat()
    except (OverflowError, OSError, ValueError):
        return None

"""How one column is distributed in two tables: bins or levels that both share, ready to be drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from core.drift.kind import pair_up
from core.statistics.blocks import Floats

MOST_BINS = 40
MOST_LEVELS = 12
OTHERS = "all others"
_FEW_VALUES = 24
_TAIL = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Shares (0-1) of the rows that have a value, a bin or a level at a time; missing ones are shares of all rows.

    A number has ``edges`` (one more than bins); what is no number has ``levels``. The first and the last bin of a
    number take what lies beyond the edges.
    """

    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    reference: tuple[float, ...]
    current: tuple[float, ...]
    missing_reference: float
    missing_current: float


def distribution(reference: pl.Series, current: pl.Series) -> Distribution:
    """Count a column of two tables into the same bins."""
    pair = pair_up(reference, current)
    sides = _present(pair.reference), _present(pair.current)
    missing = tuple(s.null_count() / max(len(s), 1) for s in (pair.reference, pair.current))
    binned = _numbers(*sides) if pair.kind == "number" and all(map(len, sides)) else _levels(*sides)
    return Distribution(missing_reference=missing[0], missing_current=missing[1], **binned)


def _present(values: pl.Series) -> pl.Series:
    return values.filter(values.is_finite()) if values.dtype.is_float() else values.drop_nulls()


def beyond(values: pl.Series, lower: float, upper: float) -> tuple[float, float]:
    """Return the shares of rows below ``lower`` and above ``upper``; a missing value lies nowhere."""
    rows = max(len(values), 1)
    return int((values < lower).sum()) / rows, int((values > upper).sum()) / rows


def _numbers(reference: pl.Series, current: pl.Series) -> dict[str, Any]:
    sides = reference.to_numpy(), current.to_numpy()
    edges = _edges(*sides)
    shares = [np.histogram(np.clip(side, edges[0], edges[-1]), edges)[0] / side.size for side in sides]
    return {"edges": _plain(edges), "reference": _plain(shares[0]), "current": _plain(shares[1])}


def _edges(reference: Floats, current: Floats) -> Floats:
    values = np.unique(np.concatenate([reference, current]))
    if values.size <= _FEW_VALUES:
        # a bin a value, so that days of the week do not share one
        middles = (values[1:] + values[:-1]) / 2
        half = float(np.diff(values).min()) / 2 if values.size > 1 else 0.5
        return np.concatenate([[values[0] - half], middles, [values[-1] + half]])
    # an outlier must not squeeze everything else into one bin
    ends = [np.quantile(side, (_TAIL, 1 - _TAIL)) for side in (reference, current)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if low == high:
        low, high = values[0], values[-1]
    return np.linspace(low, high, MOST_BINS + 1)


def _levels(reference: pl.Series, current: pl.Series) -> dict[str, Any]:
    counts = [
        dict(s.cast(pl.String).value_counts().iter_rows()) if len(s) else dict[str, int]() for s in (reference, current)
    ]
    shares = [{level: n / len(s) for level, n in c.items()} for c, s in zip(counts, (reference, current), strict=True)]
    ordered = sorted(
        shares[0].keys() | shares[1].keys(), key=lambda x: (-max(shares[0].get(x, 0), shares[1].get(x, 0)), x)
    )
    kept = ordered[:MOST_LEVELS]
    rows = [[side.get(level, 0.0) for level in kept] for side in shares]
    if len(ordered) > MOST_LEVELS:
        kept = [*kept, OTHERS]
        rows = [[*row, max(0.0, sum(side.values()) - sum(row))] for row, side in zip(rows, shares, strict=True)]
    return {"levels": tuple(kept), "reference": tuple(rows[0]), "current": tuple(rows[1])}


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)

"""Texts much longer or shorter than the others."""

import numpy as np
import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_LEVELS, _ROWS = 50, 100
_INNER, _FACTOR = (0.03, 0.97), 4
_SIGNS, _RATIO = 5, 1.5


def _lengths(column: Column) -> Found | None:
    if column.distinct <= _LEVELS or column.present < _ROWS:
        return None
    lengths = column.series.str.len_chars()
    low, high = (float(q) for q in np.quantile(lengths.drop_nulls().to_numpy(), _INNER))
    reach = _FACTOR * (high - low)
    most = max(high + reach, high + _SIGNS, high * _RATIO)
    least = min(low - reach, low - _SIGNS, low / _RATIO)
    odd = (lengths > most) | (lengths < least)
    count = int(odd.sum())
    if not count:
        return None
    return Found(
        count=count,
        rows=odd,
        message=f"`{column.name}` has {rows_of(count, 'text')} ({percent(count / column.rows)}) of "
        f"{_far(lengths.filter(odd))} characters, where nearly all have {_between(low, high)}.",
    )


def _between(low: float, high: float) -> str:
    return f"{low:.0f}" if round(low) == round(high) else f"{low:.0f} to {high:.0f}"


def _far(lengths: pl.Series) -> str:
    shortest, longest = lengths.min(), lengths.max()
    return f"{shortest:,}" if shortest == longest else f"{shortest:,} to {longest:,}"


CHECK = Check(
    name="text_length",
    title="Texts are about as long as each other",
    severity=Severity.INFO,
    help="A text far longer than all others is often two cells that were run together; a short one was cut.",
    misleads="Remarks written by people are of any length.",
    default="4 ranges of the middle 94 % of lengths beyond it, and at least 5 characters and half as long again.",
    source="Deepchecks StringLengthOutOfBounds.",
    fix="Look at the longest and the shortest.",
    kinds=("text",),
    on_column=_lengths,
)

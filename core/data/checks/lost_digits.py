"""Long whole numbers that have become floating-point numbers."""

import numpy as np
import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_EXACT = 2.0**53  # above it, neighbouring whole numbers become one
_DIGITS = 1e19  # identifiers have up to 19 digits; larger values are measurements


def _lost(column: Column) -> Found | None:
    if column.whole or not len(column.numbers):
        return None
    values = column.numbers
    long = values[(np.abs(values) > _EXACT) & (np.abs(values) < _DIGITS)]
    if len(long) < 0.5 * len(values) or not bool((values == np.floor(values)).all()):
        return None
    size = column.series.cast(pl.Float64).abs()
    return Found(
        count=len(long),
        rows=(size > _EXACT) & (size < _DIGITS),
        message=f"`{column.name}` holds {rows_of(len(long), 'whole number')} ({percent(len(long) / column.rows)}) of "
        "16 or more "
        "digits as floating-point numbers, and the last digits are lost.",
    )


CHECK = Check(
    name="lost_digits",
    title="Long numbers have kept their digits",
    severity=Severity.ERROR,
    help="A floating-point number keeps about 15 digits: two identifiers that differ later become the same.",
    misleads="Large measurements are whole numbers too.",
    default="Half of the values or more are whole and above 2^53.",
    source="IEEE 754: beyond 2^53 neighbouring whole numbers become one; own.",
    fix="Export it as text.",
    kinds=("number",),
    on_column=_lost,
)

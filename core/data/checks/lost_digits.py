"""Digits of codes that were lost when they became numbers."""

import re

import numpy as np
import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_EXACT = 2.0**53  # above it, neighbouring whole numbers become one
_DIGITS = 1e19  # identifiers have up to 19 digits; larger values are measurements


_KEY = re.compile(r"(^|_|\b)(id|key|code|number|nr|no)$|(?<=[a-z])(Id|ID|Key|Code|Number)$", re.IGNORECASE)
_PADDED = re.compile(
    r"(^|_|\b)(zip|zip_?code|post_?code|postal(_?code)?|plz|fips|ean|upc|gtin|isbn|sort_?code|ssn)$", re.IGNORECASE
)


def _lost(column: Column) -> Found | None:
    if not len(column.numbers):
        return None
    return _zeros(column) or (_near_the_limit(column) if column.whole else _rounded(column) or _as_float(column))


def _rounded(column: Column) -> Found | None:
    values = column.numbers
    long = values[(np.abs(values) > _EXACT) & (np.abs(values) < _DIGITS)]
    if len(long) < 0.5 * len(values) or not bool((values == np.floor(values)).all()):
        return None
    size = column.series.cast(pl.Float64).abs()
    return Found(
        count=len(long),
        rows=(size > _EXACT) & (size < _DIGITS),
        message=f"`{column.name}` holds {rows_of(len(long), 'whole number')} ({percent(len(long) / column.rows)}) of "
        "16 or more digits as floating-point numbers, and the last digits are lost.",
    )


def _as_float(column: Column) -> Found | None:
    """Return that a key, named so, has become a floating-point number, as happens where a cell is empty."""
    values = column.numbers
    if not _KEY.search(column.name) or column.distinct < 20 or not bool((values == np.floor(values)).all()):
        return None
    return Found(
        count=column.present,
        severity=Severity.INFO,
        message=f"`{column.name}` is named as a key, and its whole numbers are stored as floating-point numbers.",
        fix="Store it as whole numbers or as text, or 12 becomes 12.0.",
    )


def _near_the_limit(column: Column) -> Found | None:
    long = column.series.cast(pl.Float64).abs() > _EXACT
    count = int(long.sum())
    if not count:
        return None
    return Found(
        count=count,
        severity=Severity.INFO,
        rows=long,
        message=f"`{column.name}` has {rows_of(count, 'whole number')} ({percent(count / column.rows)}) above 2^53: "
        "they are exact here, but not in a spreadsheet or in JavaScript.",
        fix="Export them as text.",
    )


def _zeros(column: Column) -> Found | None:
    """Return that numbers which are written with as many digits each, by their name, now have fewer in some rows."""
    values = column.numbers
    if not _PADDED.search(column.name) or column.distinct < 20 or values[0] < 0 or (values != np.floor(values)).any():
        return None
    digits = int(np.log10(max(values[-1], 1))) + 1
    short = column.series.cast(pl.Float64) < 10.0 ** (digits - 1)
    count = int(short.sum())
    if not 0 < count < 0.5 * column.present or digits < 4:
        return None
    return Found(
        count=count,
        severity=Severity.WARNING,
        rows=short,
        message=f"`{column.name}` has {digits} digits in most rows and fewer in {rows_of(count)} "
        f"({percent(count / column.rows)}): zeros at the front are probably lost.",
        fix=f"Export it as text, or fill it up to {digits} digits.",
    )


CHECK = Check(
    name="lost_digits",
    title="Codes have kept their digits",
    severity=Severity.ERROR,
    help="A floating-point number keeps about 15 digits, and no number the zeros at its front.",
    misleads="Large measurements are whole numbers too.",
    default="Half of the values whole and above 2^53; by its name, a key with decimals or a postal code cut short.",
    source="IEEE 754: beyond 2^53 neighbouring whole numbers become one; own.",
    fix="Export it as text.",
    kinds=("number",),
    on_column=_lost,
)

"""Dates too early to be true."""

from datetime import datetime

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_FIRST = datetime(1900, 1, 2)  # noqa: DTZ001 - compared with times whose zone is left out; 1 January 1900 is a default
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as above
_YEARS = 3 * 365 * 86_400.0


def _early(column: Column) -> Found | None:
    times = column.series.cast(pl.Datetime("us"))
    mask = times < _FIRST
    epoch = times.dt.truncate("1d") == _EPOCH
    if int(epoch.sum()) and _alone(column):
        mask = mask | epoch
    count = int(mask.sum())
    if not count:
        return None
    return Found(
        count=count,
        rows=mask,
        message=f"`{column.name}` has {rows_of(count, 'date')} ({percent(count / column.rows)}) like "
        f"{str(column.series.min())[:10]}: probably a default for missing.",
    )


def _alone(column: Column) -> bool:
    """Tell whether nothing else lies within three years of the first day of 1970."""
    return not bool(((column.numbers >= 86_400) & (column.numbers < _YEARS)).any())


CHECK = Check(
    name="early_dates",
    title="No date is a default",
    severity=Severity.WARNING,
    help="1900-01-01 and 1970-01-01 are what programs write when they know no date.",
    misleads="Records of history do begin before 1900.",
    default="Before 2 January 1900, or on 1 January 1970 with nothing else within three years.",
    source="Own: the defaults of spreadsheets and of Unix.",
    fix="Replace them by empty cells.",
    kinds=("time",),
    on_column=_early,
)

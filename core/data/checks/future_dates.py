"""Dates that have not come yet."""

from datetime import UTC, timedelta

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_ZONES = timedelta(hours=26)  # the furthest time zone is 14 hours ahead; a date stands for its whole day


def _future(column: Column) -> Found | None:
    limit = (column.now.astimezone(UTC) + _ZONES).replace(tzinfo=None)
    mask = column.series.cast(pl.Datetime("us")) > limit
    count = int(mask.sum())
    if not count:
        return None
    latest = column.series.max()
    return Found(
        count=count,
        rows=mask,
        message=f"`{column.name}` has {rows_of(count, 'date')} ({percent(count / column.rows)}) in the future, up to "
        f"{str(latest)[:10]}.",
    )


CHECK = Check(
    name="future_dates",
    title="No date lies in the future",
    severity=Severity.WARNING,
    help="A recorded event cannot lie ahead of today.",
    misleads="Plans, bookings and expiry dates lie ahead and are right.",
    default="Any, more than 26 hours after now: no time zone is further ahead.",
    source="Own; Great Expectations.",
    fix="Correct them, unless they are plans.",
    kinds=("time",),
    on_column=_future,
)

"""Times with a zone beside times without one."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, mostly
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_TIME = r"^\s*\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
_ZONE = r"\s?(Z|UTC|GMT|[A-Z]{2,4}T|[+-]\d{2}:?(\d{2})?)\s*$"
_MOST = 0.95


def _zones(column: Column) -> Found | None:
    values = mostly(column.levels, pl.col("value").str.contains(_TIME), least=_MOST)
    if values is None:
        return None
    times = values.filter("fits")
    zoned = times["value"].str.contains(_TIME + _ZONE)
    rarer = times.filter(zoned if int(times.filter(zoned)["count"].sum() or 0) <= column.present / 2 else ~zoned)
    if rarer.is_empty():
        return None
    count = int(rarer["count"].sum())
    usual = times.filter(~times["value"].is_in(rarer["value"].implode()))["value"][0]
    return Found(
        count=count,
        rows=column.where(rarer["value"]),
        message=f"`{column.name}` mixes times with a zone and times without: {rows_of(count)} "
        f"({percent(count / column.rows)}) {'is' if count == 1 else 'are'} like {shown(rarer['value'][0])}, the "
        f"others like {shown(usual)}.",
    )


CHECK = Check(
    name="mixed_zones",
    title="Times agree on their zone",
    severity=Severity.WARNING,
    help="A time without a zone can be any of 26 hours; beside times with one it cannot be put in order.",
    misleads="Where all were written by one clock, the zone that is missing may be known.",
    default="Any, in a column of times.",
    source="Own.",
    fix="Write every time in UTC.",
    kinds=("text",),
    on_column=_zones,
)

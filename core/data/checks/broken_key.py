"""A key that is not quite unique."""

import re

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_NAMED, _OTHER = 0.95, 0.999
_KEY = re.compile(r"(^|_|\b)(id|key|uuid|guid)$|(?<=[a-z])(Id|ID|Key)$", re.IGNORECASE)


def _key(column: Column) -> Found | None:
    if column.present < 20 or (column.kind == "number" and not column.whole):
        return None
    named = bool(_KEY.search(column.name))
    share = column.distinct / column.present
    if share == 1 or share < (_NAMED if named else _OTHER) or (not named and column.kind == "number"):
        return None
    repeated = column.levels.filter(pl.col("count") > 1)
    count = column.present - column.distinct
    again = column.where(repeated["value"]) & ~column.series.is_first_distinct()
    return Found(
        count=count,
        rows=again,
        message=f"`{column.name}` looks like a key, but {rows_of(count)} ({percent(count / column.rows)}) "
        f"{'repeats' if count == 1 else 'repeat'} an earlier value such as {shown(repeated['value'][0])}.",
    )


CHECK = Check(
    name="broken_key",
    title="Keys are unique",
    severity=Severity.WARNING,
    help="A column that is unique but for a few rows was meant to be unique.",
    misleads="In a table of events, an id of a customer repeats as it should.",
    default="Unique in 95 % of the values or more by its name as a key, in 99.9 % without.",
    source="ydata-profiling UNIQUE and Great Expectations, made tolerant of a few repeats.",
    fix="Remove the repeats.",
    kinds=("number", "text"),
    on_column=_key,
)

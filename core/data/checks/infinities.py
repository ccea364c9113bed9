"""Infinite numbers."""

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of


def _infinite(column: Column) -> Found | None:
    if not column.series.dtype.is_float():
        return None
    mask = column.series.is_infinite()
    count = int(mask.sum())
    if not count:
        return None
    return Found(
        count=count,
        rows=mask,
        message=f"`{column.name}` has {rows_of(count, 'infinite value')} ({percent(count / column.rows)}), usually a "
        "division "
        "by zero.",
    )


CHECK = Check(
    name="infinities",
    title="Every number is finite",
    severity=Severity.ERROR,
    help="An infinite value makes every average infinite, and most models refuse it.",
    misleads="Infinity can stand for “no limit”.",
    default="Any.",
    source="TFDV FLOAT_TYPE_HAS_INF.",
    fix="Correct them or leave the cells empty.",
    kinds=("number",),
    on_column=_infinite,
)

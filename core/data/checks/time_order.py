"""Times that go back."""

import numpy as np
import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.timeline import as_seconds
from core.data.words import percent, rows_of

_ROWS, _SORTED = 20, 0.95


def _order(column: Column) -> Found | None:
    if column.present < _ROWS or column.missing > 0.05 * column.rows or column.distinct < _ROWS:
        return None
    times = as_seconds(column.series)
    known = np.flatnonzero(np.isfinite(times))
    back = known[1:][np.diff(times[known]) < 0]
    if not len(back) or len(back) > (1 - _SORTED) * len(known):
        return None
    rows = np.zeros(column.rows, dtype=bool)
    rows[back] = True
    return Found(
        count=len(back),
        rows=pl.Series(rows),
        message=f"`{column.name}` goes forward from row to row, but back in {rows_of(len(back))} "
        f"({percent(len(back) / column.rows)}).",
    )


CHECK = Check(
    name="time_order",
    title="Times go forward",
    severity=Severity.INFO,
    help="In a table that is in the order of time, a step back is where two files meet or a clock was set.",
    misleads="Tables that are sorted by something else first go back wherever that changes.",
    default="At least one step back, in 5 % of the rows at most: beyond that the table is in another order.",
    source="Great Expectations, values increasing; own share.",
    fix="Sort the rows by time, and look at what stands at the steps back.",
    kinds=("time",),
    on_column=_order,
)

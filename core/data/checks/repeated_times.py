"""Two rows for one time, where there should be one."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, Table
from core.data.finding import Severity
from core.data.timeline import DAY, is_regular, moments, said, time_of_rows
from core.data.words import percent, rows_of

_FULL = 0.5  # of all pairs of a time and a thing: a table that was made of them
_FEW = 0.05
_THINGS = 5


def _repeats(table: Table) -> Iterable[Found]:
    column = time_of_rows(table)
    if not is_regular(np.unique(moments(table, column))):
        return  # where events come as they will, two at one moment are chance
    things = [c for c in table.columns if _is_thing(c, table, column)]
    for thing in [None, *things[:_THINGS]]:
        pairs = column.distinct * (thing.distinct if thing else 1)
        if not _FULL * pairs <= table.rows <= (1 + _FEW) * pairs or (thing is None and column.distinct < 20):
            continue
        names = [column.name] if thing is None else [column.name, thing.name]
        again = ~table.read(*names).select(pl.struct(names).is_first_distinct()).to_series()
        count = int(again.sum())
        if 0 < count <= _FEW * table.rows:
            yield _told(table, column, thing, again)
        if thing is None and count <= _FEW * table.rows:
            return


def _is_thing(column: ColumnFacts, table: Table, time: ColumnFacts) -> bool:
    kind = column.kind == "text" or (column.kind == "number" and column.whole)
    return kind and not column.missing and 2 <= column.distinct <= table.rows // max(time.distinct // 2, 2)


def _told(table: Table, time: ColumnFacts, thing: ColumnFacts | None, again: pl.Series) -> Found:
    count, of_one = int(again.sum()), f" and one `{thing.name}`" if thing else ""
    at = moments(table, time)[again.to_numpy()]
    clock = f", all of them at the hour when clocks are put back ({said(at.min())})" if _is_clock_change(at) else ""
    return Found(
        count=count,
        column=time.name,
        rows=again,
        message=f"{rows_of(count)} ({percent(count / table.rows)}) {'has' if count == 1 else 'have'} one "
        f"`{time.name}`{of_one} with an earlier row{clock}.",
        fix="Write times with their zone, or in UTC." if clock else "",
    )


def _is_clock_change(times: NDArray[np.float64]) -> bool:
    """Tell whether all times lie between 0 and 4 o'clock on Sundays on which clocks are put back somewhere."""
    if (times % DAY == 0).all():
        return False
    for second in np.unique(times)[:1_000]:
        moment = datetime.fromtimestamp(float(second), tz=UTC)
        autumn = (moment.month == 10 and moment.day >= 25) or (moment.month == 11 and moment.day <= 7)
        southern = moment.month == 4 and moment.day <= 7
        if moment.weekday() != 6 or moment.hour > 3 or not (autumn or southern):
            return False
    return True


CHECK = Check(
    name="repeated_times",
    title="One row a time",
    severity=Severity.WARNING,
    help="In a table of one row a time (and a thing), a second one was delivered twice, or its clock was put back.",
    misleads="A correction can stand beside what it corrects.",
    default="Up to 5 % of the rows, where at least half of all times (with all things) have their row.",
    source="Own: a key of time and entity.",
    fix="Keep one row for each.",
    on_table=_repeats,
)

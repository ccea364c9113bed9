"""Categories that come late or end early."""

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, Table
from core.data.drawn import categories
from core.data.finding import Severity
from core.data.text_forms import is_date
from core.data.timeline import in_order, moments, said, time_of_rows
from core.data.words import listed, rows_of, shown

_LEVELS, _COLUMNS = 1_000, 40
_CHANCE = 1e-6
_LATE = 0.1
_DATES = 0.5  # of the levels are dates in words


def _late(table: Table) -> Iterable[Found]:
    time = time_of_rows(table)
    able = categories(table, most=_LEVELS)
    times = moments(table, time)
    order = in_order(times)
    place = np.zeros(len(times))
    place[order] = np.arange(len(order)) / max(len(order), 1)  # the share of rows that are earlier
    for column in able[:_COLUMNS]:
        yield from _of_column(table, column, times, place)
    if len(able) > _COLUMNS:
        yield Found(count=0, passed=True, message=f"The first {_COLUMNS} of {len(able):,} categories were looked at.")


def _of_column(
    table: Table, column: ColumnFacts, times: NDArray[np.float64], place: NDArray[np.float64]
) -> Iterable[Found]:
    values = table.read(column.name).to_series()
    held = pl.DataFrame({"level": values, "place": place, "time": times})
    held = held.filter(pl.col("level").is_not_null() & pl.col("time").is_not_nan())
    levels = held.group_by("level").agg(
        pl.len(), first=pl.col("place").min(), last=pl.col("place").max(), since=pl.col("time").min()
    )
    # were its rows spread over the table, none of n would lie in the first share f with probability (1 - f)^n
    bound = np.log(_CHANCE / len(levels))
    new = levels.filter((pl.col("first") > _LATE) & (pl.col("len") * (1 - pl.col("first")).log() < bound))
    gone = levels.filter((pl.col("last") < 1 - _LATE) & (pl.col("len") * pl.col("last").log() < bound))
    if len(new) > 0.5 * len(levels) or len(gone) > 0.5 * len(levels):
        return  # batches, days or versions: a level's rows always stand together
    if levels["level"].dtype == pl.String and levels.select(is_date(pl.col("level")).mean()).item() > _DATES:
        return  # times of their own, which all come later
    if len(new):
        yield _told(column, values, new.sort("since", "level"), rows=table.rows)


def _told(column: ColumnFacts, values: pl.Series, new: pl.DataFrame, *, rows: int) -> Found:
    day = new.with_columns(day=pl.Series([said(second, day=True) for second in new["since"]]))
    words = [
        f"{listed([shown(level) for level in on['level']])} on {on['day'][0]}"
        for on in day.partition_by("day", maintain_order=True)
    ]
    count = int(new["len"].sum())
    late = values.is_in(new["level"].implode()).fill_null(value=False)
    return Found(
        count=count,
        of=rows,
        column=column.name,
        rows=late,
        message=f"`{column.name}` has {rows_of(len(new), 'value')} that "
        f"{'appears' if len(new) == 1 else 'appear'} only later: {listed(words, most=4)}.",
    )


CHECK = Check(
    name="late_levels",
    title="Every category is there from the start",
    severity=Severity.INFO,
    help="A value that appears in the middle of the time is a new product, place or code: a model knows it badly.",
    misleads="What has its season comes and goes each year.",
    default="Nothing in the first tenth of the rows or more, which chance would do once in a million.",
    source="Own: (1 - f)^n for n rows and a share f of earlier ones.",
    fix="Check that it is meant, and that training and test hold it alike.",
    on_table=_late,
)

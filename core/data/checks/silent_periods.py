"""Stretches in which a column is empty throughout."""

import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.timeline import in_order, moments, said, time_of_rows
from core.data.words import columns_of, rows_of

_ROWS, _CHANCE = 50, 1e-9
_FEW, _COLUMNS, _OF_LONGEST = 5, 200, 1 / 3

Run = tuple[int, int]


def _silent(table: Table) -> Iterable[Found]:
    gaps = [c for c in table.columns if c.kind != "time" and 0 < c.missing < table.rows]
    try:
        times = moments(table, time_of_rows(table))
        order = in_order(times)
    except NotApplicable:
        times, order = None, np.arange(table.rows)
    periods: defaultdict[tuple[Run, ...], list[str]] = defaultdict(list)
    for column in gaps[:_COLUMNS]:
        if runs := _runs(table, column, order):
            periods[runs].append(column.name)
    for runs, names in periods.items():
        yield _told(table, names, [order[start:end] for start, end in runs], times)
    if len(gaps) > _COLUMNS:
        yield Found(count=0, passed=True, message=f"The first {_COLUMNS} of {len(gaps):,} columns were looked at.")


def _runs(table: Table, column: ColumnFacts, order: NDArray[np.intp]) -> tuple[Run, ...]:
    """Return where a column is empty for so long that chance does not do it, and far longer than it usually is."""
    values = table.read(column.name).to_series()
    gone = (values.is_null() | values.is_nan() if values.dtype.is_float() else values.is_null()).to_numpy()[order]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    sizes = ends - starts
    share = column.missing / table.rows
    least = max(_ROWS, math.log(_CHANCE / table.rows) / math.log(share), _OF_LONGEST * sizes.max(initial=0))
    long = np.flatnonzero(sizes >= least)
    if len(long) > _FEW:
        return ()  # so many that this is how the data come
    return tuple((int(starts[i]), int(ends[i])) for i in long)


def _told(table: Table, names: list[str], runs: list[NDArray[np.intp]], times: NDArray[np.float64] | None) -> Found:
    rows = max(runs, key=len)
    when = f"from row {rows.min() + 1:,} to row {rows.max() + 1:,}"
    if times is not None:
        when = f"from {said(float(times[rows[0]]))} to {said(float(times[rows[-1]]))}"
    mask = table.marked(np.concatenate(runs))
    others = f", and in {len(runs) - 1} more stretch{'es' if len(runs) > 2 else ''} of that kind" if runs[1:] else ""
    return Found(
        count=int(mask.sum()),
        column=names[0],
        rows=mask,
        message=f"{columns_of(names)} {'has' if len(names) == 1 else 'have'} no value {when} "
        f"({rows_of(len(rows))}){others}.",
    )


CHECK = Check(
    name="silent_periods",
    title="No source falls silent",
    severity=Severity.INFO,
    help="A stretch in which every cell of a column is empty is a source that did not deliver, not chance.",
    misleads="A column that was introduced later is empty before.",
    default="50 rows in the order of time, and longer than chance would do once in a thousand million.",
    source="Own: p^n for n rows in a row and a share p of empty cells.",
    fix="Ask whoever delivers it for that time.",
    on_table=_silent,
)

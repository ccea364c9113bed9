"""A reading that stands still."""

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import number, percent, rows_of

_LEVELS, _CHANGES = 20, 0.5  # what stands still is otherwise varied, and another value in every second row
_ROWS, _LONGER, _CHANCE = 50, 5, 1e-9
_FEW = 5


def _stuck(column: Column) -> Found | None:
    if column.distinct < _LEVELS or column.rows < 2 * _ROWS:
        return None
    starts, sizes = _runs(column.series)
    still = _far_longer(sizes)
    if not len(still):
        return None
    inside = int(sizes[still].sum())
    changes = (len(sizes) - len(still)) / max(column.rows - inside, 1)
    longest = int(still[np.argmax(sizes[still])])
    value = column.series[int(starts[longest])]
    if changes < _CHANGES or sizes[longest] < _by_chance(column.series, value, inside):
        return None
    mask = np.zeros(column.rows, dtype=bool)
    for run in still:
        mask[starts[run] : starts[run] + sizes[run]] = True
    first, size = int(starts[longest]) + 1, int(sizes[longest])
    more = len(still) - 1
    others = f", and in {more} more stretch{'es' if more > 1 else ''} of that kind" if more else ""
    return Found(
        count=inside,
        rows=pl.Series(mask),
        message=f"`{column.name}` stands still at {number(float(value))} in {rows_of(size)} on end, from row {first:,} "
        f"to row {first + size - 1:,}{others}; elsewhere it is another value in {percent(changes)} of the rows.",
    )


def _runs(values: pl.Series) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each stretch of equal values begins, and its length; what is missing stands alone."""
    new = (values != values.shift()).fill_null(value=True).to_numpy().copy()
    new[0] = True
    starts = np.flatnonzero(new)
    return starts, np.diff(starts, append=len(values))


def _far_longer(sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the few stretches that are long, and far longer than all others."""
    order = np.argsort(-sizes, kind="stable")[: _FEW + 1]
    longest = [*sizes[order], 0]
    for count in range(min(_FEW, len(order)), 0, -1):
        if longest[count - 1] >= max(_ROWS, _LONGER * longest[count]):
            return order[:count]
    return order[:0]


def _by_chance(values: pl.Series, value: object, inside: int) -> float:
    """Return which length a stretch of a value has by chance once in a thousand million tables."""
    elsewhere, rows = max(int((values == value).sum()) - inside, 0), max(len(values) - inside, 1)
    share = (elsewhere + 1) / (rows + 2)
    return math.log(_CHANCE / len(values)) / math.log(share)


CHECK = Check(
    name="stuck_values",
    title="No reading stands still",
    severity=Severity.WARNING,
    help="A sensor that hangs, or a program that fills gaps, repeats one value where it would otherwise change.",
    misleads="A machine that is off, or a shop that is closed, stands still rightly.",
    default="50 equal values on end, 5 times as long as any other stretch, and longer than chance would do once in a "
    "thousand million, where otherwise every second row changes.",
    source="Own: p^n for n rows on end and a share p of the value elsewhere.",
    fix="Ask whoever delivers it for these rows, and leave the cells empty if it was not measured.",
    kinds=("number",),
    on_column=_stuck,
)

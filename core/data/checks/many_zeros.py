"""Zeros in most rows."""

from collections.abc import Sequence

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.together import one_note
from core.data.words import columns_of, percent

_MOST = 0.5


def _zeros(column: Column) -> Found | None:
    values = column.numbers
    count = int(np.searchsorted(values, 0, side="right") - np.searchsorted(values, 0, side="left"))
    if not len(values) or count <= _MOST * len(values) or column.distinct <= 2:
        return None
    return Found(
        count=count,
        message=f"`{column.name}` is zero in {percent(count / len(values))} of its values.",
    )


def _together(found: Sequence[Found]) -> Sequence[Found]:
    return one_note(
        found, lambda all_of: f"{columns_of(str(one.column) for one in all_of)} are zero in most of their values."
    )


CHECK = Check(
    name="many_zeros",
    title="No column is mostly zeros",
    severity=Severity.INFO,
    help="Zero is sometimes written where nothing was measured.",
    misleads="Rain, claims and purchases are zero most of the time.",
    default="More than half of the values, of more than two different ones.",
    source="ydata-profiling ZEROS, whose 1 % is noise; own share.",
    fix="Check that zero means none, not unknown.",
    kinds=("number",),
    on_column=_zeros,
    together=_together,
)

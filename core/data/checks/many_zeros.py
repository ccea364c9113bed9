"""Zeros in most rows."""

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent

_MOST = 0.5


def _zeros(column: Column) -> Found | None:
    values = column.numbers
    count = int(np.searchsorted(values, 0, side="right") - np.searchsorted(values, 0, side="left"))
    if not len(values) or count <= _MOST * len(values) or column.distinct <= 2:
        return None
    return Found(
        count=count,
        message=f"`{column.name}` is zero in {percent(count / len(values))} of its values. Check that zero means "
        "none, not unknown.",
    )


CHECK = Check(
    name="many_zeros",
    title="No column is mostly zeros",
    severity=Severity.INFO,
    help="Zero is sometimes written where nothing was measured.",
    kinds=("number",),
    on_column=_zeros,
)

"""A column that only numbers the rows."""

import re

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity

_NAMES = re.compile(
    r"column_1|unnamed: ?\d+|index|level_\d|__index_level_\d__|x|row_?(names|id|number)?", re.IGNORECASE
)
_LEAST, _LEAST_NAMED = 20, 3


def _index(column: Column) -> Found | None:
    named = bool(_NAMES.fullmatch(column.name))
    if not column.whole or column.missing or column.rows < (_LEAST_NAMED if named else _LEAST):
        return None
    start = column.series[0]
    if start not in (0, 1) or not bool((column.series.to_numpy() == np.arange(start, start + column.rows)).all()):
        return None
    return Found(
        count=column.rows,
        message=f"`{column.name}` only numbers the rows, from {start} to {start + column.rows - 1:,}"
        f"{': an index that was saved with the table' if named else ''}.",
    )


CHECK = Check(
    name="leftover_index",
    title="No column only numbers the rows",
    severity=Severity.INFO,
    help="An index saved by a program looks like an input and tells a model in which order the rows were written.",
    misleads="Numbers from 0 or 1 up may be a real key that was given in this order.",
    default="Whole numbers from 0 or 1 up, one more in each row, of 20 rows or more.",
    source="Own.",
    fix="Leave it out of the inputs.",
    kinds=("number",),
    on_column=_index,
)

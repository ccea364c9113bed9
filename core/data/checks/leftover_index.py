"""A column that only numbers the rows."""

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity

_NAMES = ("column_1", "unnamed: 0", "index", "level_0", "__index_level_0__", "x", "rownames", "row")


def _index(column: Column) -> Found | None:
    if column.position or not column.whole or column.missing or column.name.lower() not in _NAMES or column.rows < 3:
        return None
    start = column.series[0]
    if start not in (0, 1) or not bool((column.series.to_numpy() == np.arange(start, start + column.rows)).all()):
        return None
    return Found(
        count=column.rows,
        message=f"`{column.name}` only numbers the rows: an index that was saved with the table.",
    )


CHECK = Check(
    name="leftover_index",
    title="No column only numbers the rows",
    severity=Severity.INFO,
    help="An index saved by a program looks like an input and tells a model in which order the rows were written.",
    misleads="Numbers from 0 or 1 up may be a real key that was given in this order.",
    default="Whole numbers from 0 or 1 up, one more in each row.",
    source="Own.",
    fix="Leave it out of the inputs.",
    kinds=("number",),
    on_column=_index,
)

"""What the drawn rows of a table say together: numbers as a matrix, categories as codes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.check import ColumnFacts, Table

KEY = 0.999  # so many different values among those present, and a column names the rows
_RUNNING, _RISING = 0.9, 0.95  # or so many, where they rise from row to row in so many


def names_rows(column: ColumnFacts, table: Table) -> bool:
    """Tell whether nearly every row has a value of its own, or counts on from the one before."""
    present = max(table.rows - column.missing, 1)
    return column.distinct >= KEY * present or (column.distinct >= _RUNNING * present and _counts_on(column))


def _counts_on(column: ColumnFacts) -> bool:
    """Tell whether whole numbers rise, or fall, from nearly every row to the next."""
    if not column.whole or column.numbers is None:
        return False
    steps = np.diff(column.numbers[np.isfinite(column.numbers)])
    return bool(len(steps)) and max(float((steps > 0).mean()), float((steps < 0).mean())) >= _RISING


def measured(table: Table, *, least: int = 3) -> list[ColumnFacts]:
    """Return the columns of numbers that vary, without those that name the rows."""
    return [
        column
        for column in table.columns
        if column.kind == "number"
        and column.distinct >= least
        and not (column.whole and names_rows(column, table) and table.rows > least)
    ]


def categories(table: Table, *, most: int) -> list[ColumnFacts]:
    """Return the columns of texts and truth values with 2 to ``most`` different values."""
    return [c for c in table.columns if c.kind in ("text", "boolean") and 2 <= c.distinct <= most]


def matrix(columns: Sequence[ColumnFacts]) -> NDArray[np.float64]:
    """Return the drawn rows of columns of numbers; NaN where there is none."""
    held = [column.numbers for column in columns if column.numbers is not None]
    return np.column_stack(held) if held else np.empty((0, 0))


def codes(column: ColumnFacts) -> NDArray[np.intp]:
    """Return the drawn values as numbers from 0; what is missing is a value of its own."""
    return np.unique(column.cells, return_inverse=True)[1].astype(np.intp)

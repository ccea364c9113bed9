"""Rows that stand in the table twice."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.words import percent, rows_of

_WIDE, _MANY = 8, 0.05  # in a narrow table, equal rows happen by chance


def _duplicates(table: Table) -> Iterable[Found]:
    _, first = np.unique(table.row_hashes, return_index=True)
    count = table.rows - len(first)
    if not count:
        return
    repeats = np.ones(table.rows, dtype=bool)
    repeats[first] = False
    chance = len(table.columns) < _WIDE and count <= _MANY * table.rows
    yield Found(
        count=count,
        severity=Severity.INFO if chance else Severity.WARNING,
        rows=pl.Series(repeats),
        message=f"{rows_of(count)} ({percent(count / table.rows)}) {'repeats' if count == 1 else 'repeat'} an "
        "earlier row in every column.",
    )


CHECK = Check(
    name="duplicate_rows",
    title="No row stands twice",
    severity=Severity.WARNING,
    help="A repeated row counts twice in every figure, and may stand in the training and the test part at once.",
    misleads="In a table of few columns equal rows occur by chance, so that is only a note up to 5 %.",
    default="Any; a warning above 5 % or where the table has eight columns or more.",
    source="Deepchecks DataDuplicates: 0.05.",
    fix="Remove them if they are one event counted twice.",
    on_table=_duplicates,
)

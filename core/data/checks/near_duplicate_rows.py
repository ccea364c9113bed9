"""Rows that are the same but for their key and the last digits."""

from collections.abc import Iterable

import numpy as np
import polars as pl
from scipy import stats

from core.data.check import Check, Found, NotApplicable, Table
from core.data.drawn import names_rows
from core.data.finding import Severity
from core.data.words import percent, rows_of

_CHANCE = 1e-4
_MANY = 0.05


def _near(table: Table) -> Iterable[Found]:
    told = [column for column in table.columns if column.kind == "number" or not names_rows(column, table)]
    if len(told) < 2:
        raise NotApplicable("Fewer than two columns describe a row.")
    pairs = pl.DataFrame({"near": table.near_hashes, "same": table.row_hashes})
    again = ~pairs["near"].is_first_distinct() & pairs["same"].is_first_distinct()
    count = int(again.sum())
    if not count or count > _MANY * table.rows or stats.poisson.sf(count - 1, _by_chance(table)) > _CHANCE:
        return
    keys = len(table.columns) - len(told)
    yield Found(
        count=count,
        rows=again,
        message=f"{rows_of(count)} ({percent(count / table.rows)}) {'is' if count == 1 else 'are'} nearly the same as "
        f"an earlier one{': only the key or' if keys else ': only'} digits after the third differ.",
    )


def _by_chance(table: Table) -> float:
    """Return how many pairs of rows would be the same if no column had to do with another."""
    chance = 1.0
    for column in table.columns:
        if column.kind != "number" and names_rows(column, table):
            continue
        cells = column.cells if column.numbers is None else _rounded(column.numbers)
        shares = np.unique(cells, return_counts=True)[1] / max(len(cells), 1)
        chance *= float((shares**2).sum())
    return chance * table.rows * (table.rows - 1) / 2


def _rounded(numbers: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return pl.Series(numbers).round_sig_figs(3).to_numpy()


CHECK = Check(
    name="near_duplicate_rows",
    title="No row is nearly another",
    severity=Severity.INFO,
    help="The same event under two keys, or with its figures rounded, counts twice.",
    misleads="Twins exist: two flights at one minute to one place, two orders of the same goods.",
    default="Equal in every column but the keys, numbers to three digits; beyond chance.",
    source="cleanlab near_duplicate; own rule for any number of rows.",
    fix="Look at a pair of them, and remove one if both are the same event.",
    on_table=_near,
)

"""Columns that say the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from core.data.check import Check, ColumnFacts, Found, Table
from core.data.finding import Severity
from core.data.words import columns_of, percent

_ALMOST, _BEYOND_CHANCE = 0.95, 0.8
_FIRST_LOOK = 64
_ROWS = 20


def _duplicates(table: Table) -> Iterable[Found]:
    groups: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for column in table.columns:
        if column.distinct > 1:
            groups[column.fingerprint, column.kind].append(column.name)
    for names in groups.values():
        if len(names) > 1:
            yield Found(
                count=table.rows,
                column=names[1],
                message=f"{columns_of(names[1:])} {'holds' if len(names) == 2 else 'hold'} the same values as "
                f"`{names[0]}` in every row.",
            )
    copies = {name for names in groups.values() for name in names[1:]}
    yield from _almost(table, [c for c in table.columns if c.distinct > 1 and c.name not in copies])


def _almost(table: Table, columns: Sequence[ColumnFacts]) -> Iterable[Found]:
    if table.rows < _ROWS:
        return
    for kind in {column.kind for column in columns}:
        alike = [column for column in columns if column.kind == kind]
        for first, second in _candidates(alike):
            cells = table.read(first.name, second.name)
            left, right = cells[first.name], cells[second.name]
            differ = (left.ne_missing(right)).fill_null(value=True)
            count = int(differ.sum())
            if 0 < count <= (1 - _ALMOST) * table.rows:
                yield Found(
                    count=count,
                    column=second.name,
                    rows=differ,
                    message=f"`{second.name}` is the same as `{first.name}` in {percent(1 - count / table.rows)} of "
                    "the rows.",
                    fix="Keep one, and look at the rows where they differ.",
                )


def _candidates(columns: Sequence[ColumnFacts]) -> Iterable[tuple[ColumnFacts, ColumnFacts]]:
    """Yield pairs that agree in nearly all drawn rows, and in more than two constant columns would by chance."""
    cells = [_comparable(column) for column in columns]
    if len(cells) < 2:
        return
    step = max(len(cells[0]) // _FIRST_LOOK, 1)
    few = np.stack([column[::step] for column in cells])
    for i, first in enumerate(columns):
        agree = (few[i + 1 :] == few[i]).mean(axis=1)
        for j in i + 1 + np.flatnonzero(agree >= _ALMOST - 0.1):
            same = float((cells[i] == cells[j]).mean())
            if same >= _ALMOST - 0.01 and _beyond_chance(cells[i], cells[j], same) >= _BEYOND_CHANCE:
                yield first, columns[int(j)]


def _comparable(column: ColumnFacts) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """Return cells that are equal where values are, whole numbers and others alike."""
    return column.cells if column.numbers is None else pl.Series(column.numbers).hash().to_numpy()


def _beyond_chance(first: np.ndarray, second: np.ndarray, same: float) -> float:
    """Return Cohen's kappa of two columns."""
    values, counts = np.unique(first, return_counts=True)
    others, other_counts = np.unique(second, return_counts=True)
    _, left, right = np.intersect1d(values, others, return_indices=True)
    chance = float((counts[left] / len(first) * other_counts[right] / len(second)).sum())
    return (same - chance) / (1 - chance) if chance < 1 else 0.0


CHECK = Check(
    name="duplicate_columns",
    title="No two columns are the same",
    severity=Severity.WARNING,
    help="The same values under two names are weighed twice by a model.",
    misleads="Two columns can agree today and mean different things.",
    default="Equal in every row, or in 95 % of them and far more than by chance (Cohen's kappa 0.8).",
    source="Evidently, duplicated and almost duplicated columns: 0.95.",
    fix="Keep one.",
    on_table=_duplicates,
)

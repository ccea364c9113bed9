"""Columns of which one tells the other."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.drawn import categories, codes, matrix, measured
from core.data.finding import Severity
from core.data.words import columns_of, listed
from core.statistics.association import correlation_ratio, cramers_v, spearman, surely_above

_BOUND = 0.9
_ROWS, _LEVELS = 30, 50
_CATEGORIES = 40


def _correlated(table: Table) -> Iterable[Found]:
    numbers, texts = measured(table), categories(table, most=_LEVELS)
    if len(numbers) + len(texts) < 2 or len(table.drawn) < _ROWS:
        raise NotApplicable("There are not two columns to compare, or fewer than 30 rows.")
    yield from _numbers(table, numbers)
    yield from _texts(table, texts[:_CATEGORIES])
    yield from _mixed(table, numbers, texts[:_CATEGORIES])
    if len(texts) > _CATEGORIES:
        yield Found(
            count=0, passed=True, message=f"The first {_CATEGORIES} of {len(texts):,} categories were compared."
        )


def _numbers(table: Table, columns: Sequence[ColumnFacts]) -> Iterable[Found]:
    if len(columns) < 2:
        return
    found, rows = spearman(matrix(columns))
    strong = np.argwhere(np.triu(np.abs(np.nan_to_num(found)) > _BOUND, k=1))
    pairs = [(int(i), int(j)) for i, j in strong if surely_above(float(found[i, j]), _BOUND, rows=int(rows[i, j]))]
    pairs = [(i, j) for i, j in pairs if columns[i].fingerprint != columns[j].fingerprint]
    for group in _groups(pairs, len(columns)):
        sizes = [abs(float(found[i, j])) for i, j in pairs if i in group]
        names = [columns[i].name for i in group]
        low, high = f"{min(sizes):.2f}", f"{max(sizes):.2f}"
        against = len(group) == 2 and found[group[0], group[1]] < 0
        yield Found(
            count=int(rows[group[0], group[1]]),
            of=len(table.drawn),
            column=names[1],
            message=f"{columns_of(names)} {'move against each other' if against else 'move together'} "
            f"(Spearman {'-' if against else ''}{high if low == high else f'{low} to {high}'}){table.looked_at}.",
        )


def _groups(pairs: Sequence[tuple[int, int]], n: int) -> list[list[int]]:
    """Return columns that are tied to each other, directly or through others."""
    if not pairs:
        return []
    ends = np.array(pairs)
    _, label = connected_components(csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n)))
    groups = [np.flatnonzero(label == one).tolist() for one in np.unique(label[ends[:, 0]])]
    return [[int(i) for i in group] for group in groups]


def _texts(table: Table, columns: Sequence[ColumnFacts]) -> Iterable[Found]:
    coded = [codes(column) for column in columns]
    for j, second in enumerate(columns):
        for i, first in enumerate(columns[:j]):
            if first.fingerprint == second.fingerprint:
                continue
            size = cramers_v(coded[i], coded[j])
            if surely_above(size, _BOUND, rows=len(coded[i])):
                yield Found(
                    count=len(coded[i]),
                    of=len(coded[i]),
                    column=second.name,
                    message=f"`{first.name}` and `{second.name}` say nearly the same (Cramér's V {size:.2f})"
                    f"{table.looked_at}.",
                )
                break


def _mixed(table: Table, numbers: Sequence[ColumnFacts], texts: Sequence[ColumnFacts]) -> Iterable[Found]:
    values = matrix(numbers)
    whole = [i for i in range(len(numbers)) if np.isfinite(values[:, i]).mean() > 1 - _BOUND]
    for text in texts:
        groups, told = codes(text), list[str]()
        for i in whole:
            known = np.isfinite(values[:, i])
            size = float(correlation_ratio(groups[known], values[known, i : i + 1])[0])
            spare = int(known.sum()) - text.distinct
            adjusted = 1 - (1 - size**2) * (int(known.sum()) - 1) / spare if spare > 0 else 0.0
            if adjusted > 0 and surely_above(adjusted**0.5, _BOUND, rows=int(known.sum())):
                told.append(f"`{numbers[i].name}` ({adjusted**0.5:.2f})")
        if told:
            yield Found(
                count=len(groups),
                of=len(groups),
                column=text.name,
                message=f"`{text.name}` nearly decides {listed(told)}, by the correlation ratio{table.looked_at}.",
            )


CHECK = Check(
    name="correlated_columns",
    title="No column repeats another",
    severity=Severity.INFO,
    help="Columns that say the same share their weight in a model, and importances between them mean little.",
    misleads="A strong tie can be the very thing that the data are about.",
    default="Above 0.9 beyond chance: Spearman for numbers, Cramér's V for texts, the correlation ratio between both.",
    source="Deepchecks FeatureFeatureCorrelation: 0.9; Bergsma (2013).",
    fix="Keep one of them among the inputs.",
    on_table=_correlated,
)

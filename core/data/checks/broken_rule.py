"""A rule between two columns that holds nearly always."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.coded import Coded, coded
from core.data.drawn import codes
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown
from core.statistics.association import Codes

_HOLDS, _SEEN = 0.99, 0.98
_GAIN = 0.95  # of the doubt that is left without the rule
_PER_LEVEL, _LEVELS, _COLUMNS = 20, 3, 40
_FIRST_LOOK, _AGAIN = 2_000, 200


def _rules(table: Table) -> Iterable[Found]:
    if table.rows < 10 * _PER_LEVEL:
        raise NotApplicable("There are too few rows to tell a rule from chance.")
    able = [column for column in table.columns if _is_category(column, table)]
    told, coded = able[:_COLUMNS], {column.name: codes(column) for column in able[:_COLUMNS]}
    for second in told:
        first = _decided_by(second, told, coded)
        if first is not None and (found := _broken(table, first, second)):
            yield found
    if len(able) > _COLUMNS:
        yield Found(count=0, passed=True, message=f"The first {_COLUMNS} of {len(able):,} categories were compared.")


def _is_category(column: ColumnFacts, table: Table) -> bool:
    kind = column.kind in ("text", "boolean") or (column.kind == "number" and column.whole)
    return kind and 2 <= column.distinct <= table.rows // _PER_LEVEL


def _decided_by(second: ColumnFacts, columns: Sequence[ColumnFacts], coded: dict[str, Codes]) -> ColumnFacts | None:
    """Return the column with the fewest values that decides another one nearly always."""
    for first in sorted(columns, key=lambda column: column.distinct):
        if first.distinct < max(second.distinct, _LEVELS) or first.name == second.name:
            continue
        left, right = coded[first.name], coded[second.name]
        step = max(len(left) // _FIRST_LOOK, 1)
        if _kept(left[::step], right[::step]) >= _SEEN - 0.03 and _kept(left, right) >= _SEEN:
            return first
    return None


def _kept(first: Codes, second: Codes) -> float:
    """Return the share of rows in which the second column says what it mostly does beside the first one.

    A value of the first column that was drawn once tells nothing, unless nearly all were drawn once.
    """
    pairs, counts = np.unique(first * (second.max() + 1) + second, return_counts=True)
    starts = np.unique(pairs // (second.max() + 1), return_index=True)[1]
    sizes, most = np.add.reduceat(counts, starts), np.maximum.reduceat(counts, starts)
    again = sizes > 1 if sizes[sizes > 1].sum() >= _AGAIN else sizes > 0
    return float(most[again].sum() / sizes[again].sum())


def _broken(table: Table, first: ColumnFacts, second: ColumnFacts) -> Found | None:
    given, says = coded(table, first.name), coded(table, second.name)
    pairs = _pairs(given, says)
    count, of = int(pairs.counts[pairs.odd].sum()), int(pairs.counts.sum())  # rows in which both have a value
    if not count or of < 10 * _PER_LEVEL:
        return None
    share, base = count / of, 1 - np.bincount(pairs.says, weights=pairs.counts).max() / of
    if share > 1 - _HOLDS or share > (1 - _GAIN) * base or not pairs.systematic:
        return None
    usual = np.full(len(given.texts) + 1, -1)  # the last one stands for rows without a value
    usual[pairs.given[pairs.usual]] = pairs.says[pairs.usual]
    expected = usual[given.codes]
    breaks = (expected >= 0) & (says.codes >= 0) & (says.codes != expected)
    at = int(breaks.argmax())
    return Found(
        count=count,
        of=of,
        column=second.name,
        rows=pl.Series(breaks),
        message=f"`{second.name}` follows from `{first.name}` in all but {rows_of(count)} ({percent(share)}): where "
        f"`{first.name}` is {shown(given.said(at))} it is {shown(says.texts[int(expected[at])])}, but in row "
        f"{at + 1:,} it is {shown(says.said(at))}.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs of values of two columns, in order, and how often each occurs.

    ``usual`` are the places of the pairs that are the most frequent of their first value and occur more than once.
    """

    given: NDArray[np.int64]
    says: NDArray[np.int64]
    counts: NDArray[np.int64]
    usual: NDArray[np.int64]

    @property
    def odd(self) -> NDArray[np.bool_]:
        """Return which pairs are another than the usual one of their first value."""
        odd = np.isin(self.given, self.given[self.usual])
        odd[self.usual] = False
        return odd

    @property
    def systematic(self) -> bool:
        """Tell whether most groups keep the rule without exception, and the rule tells several values apart."""
        sizes = np.unique(self.given, return_counts=True)[1]
        return (sizes > 1).mean() <= 0.5 and len(np.unique(self.says[self.usual])) > 1


def _pairs(first: Coded, second: Coded) -> _Pairs:
    known = (first.codes >= 0) & (second.codes >= 0)
    both = first.codes[known].astype(np.int64) * len(second.texts) + second.codes[known]
    pairs, counts = np.unique(both, return_counts=True)
    given, says = np.divmod(pairs, max(len(second.texts), 1))
    groups, starts, sizes = np.unique(given, return_index=True, return_counts=True)
    most = np.repeat(np.maximum.reduceat(counts, starts), sizes) if len(groups) else counts
    candidates = np.flatnonzero((counts == most) & (counts > 1))
    usual = candidates[np.unique(given[candidates], return_index=True)[1]]  # of equally frequent ones the lower
    return _Pairs(given=given, says=says, counts=counts, usual=usual)


CHECK = Check(
    name="broken_rule",
    title="A rule between two columns holds throughout",
    severity=Severity.WARNING,
    help="Where one column decides another in 99 % of the rows, the others are mostly slips: a code with a wrong name.",
    misleads="A rule can have true exceptions, such as a town that lies in two counties.",
    default="Holds in 99 % of the rows or more, but not in all, for at least 20 rows a value.",
    source="Own: functional dependencies that nearly hold.",
    fix="Look at the rows that break it.",
    on_table=_rules,
)

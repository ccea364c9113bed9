"""Counts that differ from the reference's: rows, missing values, different values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.two_tables import TwoTables, two_tables
from core.data.words import percent, rows_of
from core.frames.summary import kind_of
from core.statistics.blocks import fixed_generator
from core.statistics.multiplicity import benjamini_hochberg
from core.statistics.row_tests import same_shares

_CHANGE, _FALSE_ALARMS = 0.1, 0.05
_LEVELS, _DRAWS = 1_000, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tested:
    found: Found
    p_value: float


def _counts(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    yield from _rows(both)
    tested = [one for name in both.shared for one in _of_column(name, *both.column(name))]
    q_values = benjamini_hochberg([one.p_value for one in tested])
    yield from (one.found for one, q in zip(tested, q_values, strict=True) if q < _FALSE_ALARMS)


def _rows(both: TwoTables) -> Iterable[Found]:
    before, after = both.rows
    change = after / before - 1
    if abs(change) > _CHANGE and abs(after - before) > 3 * np.sqrt(before):
        yield Found(
            count=after,
            severity=Severity.WARNING if change < 0 else Severity.INFO,
            message=f"The table has {rows_of(after)}, the reference {before:,}: {percent(abs(change))} "
            f"{'fewer' if change < 0 else 'more'}.",
        )


def _of_column(name: str, before: pl.Series, after: pl.Series) -> Iterator[_Tested]:
    sides = [side.fill_nan(None) if side.dtype.is_float() else side for side in (before, after)]
    missing = [side.null_count() for side in sides]
    was, now = (count / len(side) for count, side in zip(missing, sides, strict=True))
    if abs(now - was) > _CHANGE * was:
        counts = [np.array([count, len(side) - count], float) for count, side in zip(missing, sides, strict=True)]
        found = Found(
            count=missing[1],
            column=name,
            rows=sides[1].is_null(),
            message=f"`{name}` is empty in {percent(now)} of the rows, in the reference in {percent(was)}.",
        )
        yield _Tested(found=found, p_value=same_shares(counts[0], counts[1]))
    if kind_of(before.dtype) == kind_of(after.dtype) in ("text", "boolean"):
        yield from _distinct(name, *(side.drop_nulls().cast(pl.String) for side in sides))


def _distinct(name: str, before: pl.Series, after: pl.Series) -> Iterator[_Tested]:
    was, now = before.n_unique(), after.n_unique()
    if not len(before) or not len(after) or max(was, now) > _LEVELS or abs(now - was) <= _CHANGE * was:
        return
    pooled = pl.concat([before, after]).value_counts(name="count")["count"].to_numpy().astype(np.int64)
    p_value = max(_by_chance(pooled, len(side), side.n_unique()) for side in (before, after))
    found = Found(
        count=now,
        of=len(after),
        column=name,
        severity=Severity.WARNING if now < was else Severity.INFO,
        message=f"`{name}` has {rows_of(now, 'different value')}, in the reference {was:,}.",
    )
    yield _Tested(found=found, p_value=p_value)


def _by_chance(pooled: NDArray[np.int64], rows: int, distinct: int) -> float:
    """Return how often so many rows, drawn from both tables together, have a number of values as far from usual."""
    drawn = fixed_generator().multivariate_hypergeometric(pooled, rows, size=_DRAWS)
    values = (drawn > 0).sum(axis=1)
    usual = np.median(values)
    return float((1 + (np.abs(values - usual) >= abs(distinct - usual)).sum()) / (1 + _DRAWS))


CHECK = Check(
    name="changed_counts",
    title="Counts are those of the reference",
    severity=Severity.WARNING,
    help="The number of rows, the share of missing values and the number of different values.",
    misleads="A newer version may well have more rows: that is a note. The tests take rows as independent.",
    default="10 % more or fewer, and not by chance (false alarms over all columns held at 5 %).",
    source="Evidently's tests from a reference: 10 %; two-proportion test with Benjamini-Hochberg.",
    fix="Find out what was lost, or what came.",
    on_table=_counts,
)

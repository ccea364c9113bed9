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
_POINTS = 0.005  # of many rows any share has changed for sure: by less than this it matters to nothing
_LEVELS, _CODES, _DRAWS = 1_000, 20, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tested:
    found: Found
    p_value: float


def _counts(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    yield from _rows(both)
    least = {name: 0.0 if name == table.beside.label else _CHANGE for name in both.shared}
    tested = [one for name in both.shared for one in _of_column(*both.column(name), least=least[name])]
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


def _of_column(before: pl.Series, after: pl.Series, *, least: float) -> Iterator[_Tested]:
    name = before.name
    sides = [side.fill_nan(None) if side.dtype.is_float() else side for side in (before, after)]
    missing = [side.null_count() for side in sides]
    was, now = (count / len(side) for count, side in zip(missing, sides, strict=True))
    if abs(now - was) > max(_CHANGE * was, _POINTS):
        counts = [np.array([count, len(side) - count], float) for count, side in zip(missing, sides, strict=True)]
        found = Found(
            count=missing[1],
            column=name,
            rows=sides[1].is_null(),
            message=f"`{name}` is empty in {percent(now)} of the rows, in the reference in {percent(was)}.",
        )
        yield _Tested(found=found, p_value=same_shares(counts[0], counts[1]))
    if all(kind_of(side.dtype) in ("text", "boolean") for side in sides) or all(_are_codes(side) for side in sides):
        yield from _distinct(*(side.drop_nulls().cast(pl.String) for side in sides), least=least)


def _are_codes(values: pl.Series) -> bool:
    return values.dtype.is_integer() and values.n_unique() <= _CODES


def _distinct(before: pl.Series, after: pl.Series, *, least: float) -> Iterator[_Tested]:
    """Yield another number of different values; a class of the label that is gone counts at once."""
    name = before.name
    was, now = before.n_unique(), after.n_unique()
    if not len(before) or not len(after) or max(was, now) > _LEVELS or abs(now - was) <= least * was:
        return
    pooled = pl.concat([before, after]).value_counts(name="count")["count"].to_numpy().astype(np.int64)
    fewer = before if was < now else after
    p_value = min(1.0, 2 * _by_chance(pooled, len(fewer), fewer.n_unique()))
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
    default="10 % more or fewer (missing values also by half a point; any change of the label's classes), and not by "
    "chance: 5 % false alarms over all.",
    source="Evidently: 10 %; own: half a point; two-proportion test with Benjamini-Hochberg.",
    fix="Find out what was lost, or what came.",
    on_table=_counts,
)

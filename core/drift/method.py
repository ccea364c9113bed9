"""What an entry of the catalogue of drift methods is, and what it measures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.drift.counts import EXPECTED, Counts
from core.statistics.blocks import Floats, fixed_generator

DEALT = 999
"""How often rows are dealt anew where counts are too small for the law of large samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The ``value`` of a method on a column, with its ``p_value`` where the method has a law of chance.

    ``refusal`` says why the method is not applicable; then there is no value. ``note`` says what else is to be known.
    """

    value: float | None = None
    p_value: float | None = None
    note: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One entry of the catalogue: it measures a column's counts, or whole tables.

    Parameters
    ----------
    formula, constants
        As they are written in the literature; the constants are those of this entry.
    misleads
        When not to believe it.
    source
        The library function that gives the same number, or the publication.
    kinds
        Of the columns that it measures: number, category, empty.
    """

    name: str
    title: str
    formula: str
    constants: str = "none"
    misleads: str
    source: str
    kinds: tuple[str, ...]
    of_counts: Callable[[Counts], Measured] | None = None
    of_tables: Callable[[pl.DataFrame, pl.DataFrame], Measured] | None = None

    def measure(self, counts: Counts) -> Measured:
        """Measure one column, or say why that is not possible. Never raises for what a column may hold."""
        if self.of_counts is None:
            return Measured(refusal="This method compares whole tables, not one column.")
        if counts.refusal:
            return Measured(refusal=counts.refusal)
        if counts.kind not in self.kinds:
            held = {"number": "numbers", "category": "categories", "empty": "no values"}.get(counts.kind, counts.kind)
            return Measured(refusal=f"{self.title} is not defined for a column of {held}.")
        if "empty" not in self.kinds and not (counts.n and counts.m):
            side = "current data have" if counts.n else "reference has"
            return Measured(refusal=f"The {side} no values in this column.")
        return self.of_counts(counts)

    def compare(self, reference: pl.DataFrame, current: pl.DataFrame) -> Measured:
        """Measure two whole tables, or say why that is not possible."""
        if self.of_tables is None:
            return Measured(refusal="This method compares a column, not whole tables.")
        return self.of_tables(reference, current)


def shares(table: Floats) -> tuple[Floats, Floats]:
    """Return both lines of a table of counts as shares."""
    first, second = table / table.sum(axis=1, keepdims=True)
    return first, second


def chance(table: Floats, statistic: Callable[[Floats, Floats], Floats], *, scale: float) -> float:
    """Return how often chance brings two lines of counts as far apart as they are.

    Parameters
    ----------
    table
        Counts, 2 x bins; no bin is empty on both sides.
    statistic
        Of two arrays of counts (one line, or many lines a bin each), zero where both have equal shares.
    scale
        ``scale * statistic * n m / (n + m)`` follows chi-square with one degree less than bins in large samples.

    Notes
    -----
    Where a bin is expected to hold fewer than five rows on a side, rows are dealt anew 999 times instead.
    """
    from scipy.stats import chi2

    n, m = table.sum(axis=1)
    bins = table.shape[1]
    observed = float(statistic(table[0], table[1]))
    if bins < 2:
        return 1.0
    totals = table.sum(axis=0)
    if totals.min() * min(n, m) / (n + m) >= EXPECTED:
        return float(chi2.sf(scale * observed * n * m / (n + m), bins - 1))
    dealt = fixed_generator().multivariate_hypergeometric(
        totals.astype(np.int64), int(m), size=DEALT, method="marginals"
    )
    others = statistic(totals - dealt, dealt.astype(np.float64))
    return float((1 + (others >= observed * (1 - 1e-12)).sum()) / (1 + DEALT))

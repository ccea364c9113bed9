"""One column of two tables as counts: how often each value stands on either side. All that most methods need.

The counts come from rows (``counted``), or from summaries (``from_summaries``), which hold them where a column has few
values, and else in narrow bins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.drift.kind import pair_up
from core.frames.summary import ColumnSummary
from core.statistics.blocks import Floats

EXPECTED = 5
"""Rows that the smaller side is expected to have in a bin, so that the laws of large samples hold."""

MOST_BINS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often each of K values stands in the reference and in the current data, both of length K.

    Numbers are in increasing order; levels stand as texts. ``missing`` counts the cells without a value of both sides.
    ``refusal`` says in words why the column cannot be compared.
    """

    kind: str
    reference: Floats
    current: Floats
    numbers: Floats | None = None
    levels: tuple[str, ...] = ()
    missing: tuple[int, int] = (0, 0)
    refusal: str = ""

    @property
    def n(self) -> float:
        """Return the number of reference rows that have a value."""
        return float(self.reference.sum())

    @property
    def m(self) -> float:
        """Return the number of current rows that have a value."""
        return float(self.current.sum())

    @property
    def table(self) -> Floats:
        """Return the counts as two lines, without values that neither side has."""
        both = np.stack([self.reference, self.current])
        return both[:, both.sum(axis=0) > 0]

    def binned(self, bins: int) -> Floats:
        """Return the counts as two lines of bins: numbers by the reference's quantiles, rare levels as one.

        Numbers with few values keep each of them; equal quantiles are one edge, so no bin is empty in the reference.
        """
        return self._by_quantiles(bins) if self.numbers is not None else self._without_rare()

    def _by_quantiles(self, bins: int) -> Floats:
        if self.table.shape[1] <= bins or not self.n:
            return self.table
        share = np.cumsum(self.reference) / self.n
        ends = np.unique(np.searchsorted(share, np.arange(1, bins) / bins - 1e-12))
        starts = np.concatenate([[0], ends + 1])
        starts = starts[starts < len(share)]
        return np.stack([np.add.reduceat(side, starts) for side in (self.reference, self.current)])

    def _without_rare(self) -> Floats:
        table = self.table
        expected = table.sum(axis=0) * min(self.n, self.m) / max(self.n + self.m, 1)
        order = np.argsort(-expected, kind="stable")
        kept = order[: MOST_BINS - 1][expected[order[: MOST_BINS - 1]] >= EXPECTED]
        rest = table.sum(axis=1) - table[:, kept].sum(axis=1)
        return np.column_stack([table[:, kept], rest]) if rest.any() else table[:, kept]


def counted(reference: pl.Series, current: pl.Series) -> Counts:
    """Count the values of a column in two tables."""
    pair = pair_up(reference, current)
    sides = pair.reference.drop_nulls(), pair.current.drop_nulls()
    missing = pair.reference.null_count(), pair.current.null_count()
    if pair.refusal or pair.kind == "empty":
        nothing = np.zeros(0)
        return Counts(kind=pair.kind, reference=nothing, current=nothing, missing=missing, refusal=pair.refusal)
    if pair.kind == "number":
        before, after = (side.to_numpy() for side in sides)
        values, places = np.unique(np.concatenate([before, after]), return_inverse=True)
        lines = [np.bincount(part, minlength=len(values)) for part in (places[: len(before)], places[len(before) :])]
        return _numbers(values, lines, missing)
    tables = [dict(side.value_counts(name="n").iter_rows()) for side in sides]
    return _levels(tables, missing, kind=pair.kind)


def from_summaries(reference: ColumnSummary, current: ColumnSummary) -> Counts:
    """Return the counts that two summaries hold: exact where the values are counted, else bins with their middles.

    Where both have histograms on the same edges, these are taken; else the bins of the sketch of relative error.
    """
    missing = reference.nulls + reference.nans, current.nulls + current.nans
    if "number" not in (reference.kind, current.kind):
        if reference.levels is None or current.levels is None:
            nothing = np.zeros(0)
            refusal = "The summary of a column of so many levels does not count them."
            return Counts(kind="category", reference=nothing, current=nothing, missing=missing, refusal=refusal)
        tables = [{str(level): count for level, count in side.levels.items()} for side in (reference, current)]  # pyright: ignore[reportOptionalMemberAccess]
        return _levels(tables, missing, kind="category")
    sides = [_spread(side) for side in (reference, current)]
    if reference.histogram and current.histogram and reference.levels is None:
        sides = [_of_histogram(side) for side in (reference, current)]
    values, places = np.unique(np.concatenate([value for value, _ in sides]), return_inverse=True)
    parts = places[: len(sides[0][0])], places[len(sides[0][0]) :]
    lines = [np.bincount(p, c, len(values)) for p, (_, c) in zip(parts, sides, strict=True)]
    return _numbers(values, lines, missing)


def _spread(side: ColumnSummary) -> tuple[Floats, Floats]:
    if side.levels is None:
        values, counts = side.numbers.sketch.spread()
    else:
        ordered = sorted((float(value), count) for value, count in side.levels.items())
        values, counts = (np.array([pair[i] for pair in ordered], dtype=np.float64) for i in (0, 1))
    return values, counts.astype(np.float64)


def _of_histogram(side: ColumnSummary) -> tuple[Floats, Floats]:
    assert side.histogram is not None
    edges = np.asarray(side.histogram.edges)
    middles = np.concatenate([[edges[0]], (edges[:-1] + edges[1:]) / 2, [edges[-1]]])
    return middles, np.array([side.histogram.below, *side.histogram.counts, side.histogram.above], dtype=np.float64)


def _numbers(values: Floats, lines: Sequence[np.ndarray], missing: tuple[int, int]) -> Counts:
    first, second = (line.astype(np.float64) for line in lines)
    return Counts(kind="number", numbers=values, reference=first, current=second, missing=missing)


def _levels(tables: Sequence[dict[str, int]], missing: tuple[int, int], *, kind: str) -> Counts:
    levels = tuple(sorted(tables[0].keys() | tables[1].keys()))
    first, second = (np.array([table.get(level, 0) for level in levels], dtype=np.float64) for table in tables)
    return Counts(kind=kind, levels=levels, reference=first, current=second, missing=missing)

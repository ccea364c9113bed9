"""Tests of two samples whose rows are independent, through SciPy."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.statistics.blocks import Codes, Floats, fixed_generator

DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Two samples of independent numbers, by their ranks: the Kolmogorov-Smirnov ``distance`` and one ``p_value``.

    ``moved`` is how far the probability that a value of the second sample is larger than one of the first lies from a
    half, and ``spread`` its standard error where nothing differs.
    """

    distance: float
    p_value: float
    size: int
    moved: float
    spread: float

    def lower(self, errors: float) -> float:
        """Return the lower end of the distance that is too high in such a share of samples, or in fewer.

        The distance is no less than ``moved``, so that both tests bound it, each with half of the errors.
        """
        from scipy.stats import kstwo, norm

        shape = self.distance - float(kstwo.isf(errors / 2, self.size))
        location = self.moved - float(norm.isf(errors / 4)) * self.spread
        return max(0.0, shape, location)


def merged(first: Floats, second: Floats) -> tuple[Floats, Codes]:
    """Return two samples of sorted numbers as one, and where in it each different value begins."""
    # of two sorted runs, the stable sort is a merge
    both = np.sort(np.concatenate([first, second]), kind="stable")
    return both, np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1]]))


def location_and_shape(first: Floats, second: Floats, *, starts: Codes | None = None) -> Ranked:
    """Compare sorted numbers: Mann-Whitney and Kolmogorov-Smirnov, joined by Bonferroni.

    ``starts`` is the second part of ``merged(first, second)``, for who has it at hand.

    Notes
    -----
    Both come from the ranks of one sample in the other, so that nothing is sorted twice; the p-values are those of
    ``scipy.stats.mannwhitneyu(method="asymptotic")`` and ``ks_2samp(method="asymp")``: the exact laws fail, with a
    warning, on some pairs of small sizes, and the asymptotic ones err to the safe side.
    """
    from scipy.stats import kstwo, norm

    n, m = len(first), len(second)
    ends = np.append(np.flatnonzero(second[1:] != second[:-1]), m - 1) + 1
    begins = np.append(0, ends[:-1])
    left, right = _ranks(first, second[begins])
    # the gap of the shares below each value of the second sample, and of those not above it
    distance = float(max(0.0, (left / n - begins / m).max(), (ends / m - right / n).max()))
    if first[0] == first[-1] == second[0] == second[-1]:
        return Ranked(distance=0.0, p_value=1.0, size=1, moved=0.0, spread=1.0)
    size = round(n * m / (n + m))
    shape = float(kstwo.sf(distance, size))
    wins = float(((left + right) * (ends - begins)).sum()) / 2
    ties = _ties(merged(first, second)[1] if starts is None else starts, n + m)
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    moved = max(wins, n * m - wins) - n * m / 2 - 0.5
    p_value = float(np.clip(2 * min(shape, 2 * float(norm.sf(moved / spread))), 0, 1))
    return Ranked(distance=distance, p_value=p_value, size=size, moved=moved / (n * m), spread=spread / (n * m))


def _ranks(ordered: Floats, values: Floats) -> tuple[Codes, Codes]:
    """Return how many of the ordered numbers lie below each value, and how many not above it."""
    below = np.searchsorted(ordered, values, side="left")
    held = ordered[np.minimum(below, len(ordered) - 1)] == values
    up_to = below.copy()
    up_to[held] = np.searchsorted(ordered, values[held], side="right")
    return below, up_to


def _ties(starts: Codes, rows: int) -> float:
    if starts.size == rows:
        return 0.0
    times = np.diff(starts, append=rows).astype(np.float64)
    return float((times**3 - times).sum())


def same_shares(first: Floats, second: Floats) -> float:
    """Return the p-value of homogeneity of two lines of counts.

    Chi-square; where bins hold few, Fisher's for two of them, and a chi-square of rows dealt anew for more.
    """
    from scipy.stats import chi2_contingency, fisher_exact

    table = np.stack([first, second])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    if table.shape[1] == 2 and expected.min() < 10:
        return _p_value(fisher_exact(table.astype(np.int64)))
    if expected.min() < 5:
        return _dealt_anew(table, expected)
    return _p_value(chi2_contingency(table, correction=False))


def _dealt_anew(table: Floats, expected: Floats) -> float:
    # given both sizes and the totals of the bins, the second line follows a multivariate hypergeometric law
    totals = table.sum(axis=0)
    dealt = fixed_generator().multivariate_hypergeometric(totals.astype(np.int64), int(table[1].sum()), size=DRAWS)
    observed = ((table - expected) ** 2 / expected).sum()
    others = ((dealt - expected[1]) ** 2 * (1 / expected[0] + 1 / expected[1])).sum(axis=1)
    return float((1 + (others >= observed * (1 - 1e-12)).sum()) / (1 + DRAWS))


def _p_value(result: Any) -> float:
    # SciPy types the results of its tests as plain tuples
    return float(result.pvalue)

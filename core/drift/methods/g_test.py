"""G: the likelihood ratio of different shares against equal ones."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, chance
from core.statistics.blocks import Floats

BINS = 10


def _measure(counts: Counts) -> Measured:
    from scipy.stats import chi2_contingency

    table = counts.binned(BINS)
    found = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    return Measured(value=float(found.statistic), p_value=chance(table, _ratio, scale=1))  # pyright: ignore


def _ratio(first: Floats, second: Floats) -> Floats:
    from scipy.special import xlogy

    n, m = (line.sum(axis=-1, keepdims=True) for line in (first, second))
    both = np.maximum(first + second, 1e-300)
    parts = xlogy(first, first * (n + m) / (n * both)) + xlogy(second, second * (n + m) / (m * both))
    return 2 * parts.sum(axis=-1) * ((n + m) / (n * m))[..., 0]


G_TEST = Method(
    name="g",
    title="G test",
    formula="G = 2 sum observed ln(observed / expected), over both sides",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one; where a bin should hold fewer "
    "than five rows, rows are dealt anew",
    misleads="It grows with the rows: it says whether something moved, not how much.",
    source="scipy.stats.chi2_contingency(correction=False, lambda_='log-likelihood')",
    kinds=("number", "category"),
    of_counts=_measure,
)

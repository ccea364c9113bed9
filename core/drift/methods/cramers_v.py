"""Cramér's V: chi-square without the number of rows, less what chance brings."""

import math

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.statistics.row_tests import same_shares

BINS = 10


def _measure(counts: Counts) -> Measured:
    from scipy.stats import chi2_contingency

    table = counts.binned(BINS)
    total, bins = float(table.sum()), table.shape[1]
    if total < 3:
        return Measured(refusal="It needs three rows.")
    statistic = float(chi2_contingency(table, correction=False).statistic)  # pyright: ignore
    phi = max(0.0, statistic / total - (bins - 1) / (total - 1))
    sides = 2 - 1 / (total - 1)
    least = min(bins - (bins - 1) ** 2 / (total - 1), sides) - 1
    value = math.sqrt(phi / least) if least > 0 else 0.0
    return Measured(value=min(value, 1.0), p_value=same_shares(table[0], table[1]))


CRAMERS_V = Method(
    name="v",
    title="Cramér's V",
    formula="V = sqrt(max(0, chi2/N - (K - 1)/(N - 1)) / (min(K', 2') - 1)), k' = k - (k - 1)^2/(N - 1)",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one; bias-corrected (Bergsma 2013)",
    misleads="It depends on how unequal the two sides are in size.",
    source="scipy.stats.contingency.association(method='cramer') without the correction",
    kinds=("number", "category"),
    of_counts=_measure,
)

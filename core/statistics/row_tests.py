"""Tests of two samples whose rows are independent, through SciPy."""

from typing import Any

import numpy as np

from core.statistics.blocks import Floats

EXACT = 100_000
"""Up to this product of the sizes the Kolmogorov-Smirnov p-value is exact."""


def location_and_shape(first: Floats, second: Floats) -> float:
    """Return one p-value for sorted numbers: Mann-Whitney and Kolmogorov-Smirnov, joined by Bonferroni."""
    from scipy.stats import ks_2samp, mannwhitneyu

    if first[0] == first[-1] == second[0] == second[-1]:
        return 1.0
    shape = ks_2samp(first, second, method="exact" if first.size * second.size <= EXACT else "asymp")
    location = mannwhitneyu(first, second, method="asymptotic")
    return min(1.0, 2 * min(_p_value(shape), _p_value(location)))


def same_shares(first: Floats, second: Floats) -> float:
    """Return the p-value of homogeneity of two lines of counts: chi-square, or Fisher's where two bins hold few."""
    from scipy.stats import chi2_contingency, fisher_exact

    table = np.stack([first, second])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    if table.shape[1] == 2 and expected.min() < 10:
        return _p_value(fisher_exact(table.astype(np.int64)))
    return _p_value(chi2_contingency(table, correction=False))


def _p_value(result: Any) -> float:
    # SciPy types the results of its tests as plain tuples
    return float(result.pvalue)

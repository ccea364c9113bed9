"""Tests of two samples whose rows are independent, through SciPy."""

from typing import Any

import numpy as np

from core.statistics.blocks import Floats, fixed_generator

DRAWS = 2000


def location_and_shape(first: Floats, second: Floats) -> float:
    """Return one p-value for sorted numbers: Mann-Whitney and Kolmogorov-Smirnov, joined by Bonferroni."""
    from scipy.stats import ks_2samp, mannwhitneyu

    if first[0] == first[-1] == second[0] == second[-1]:
        return 1.0
    # the exact law fails, with a warning, on some pairs of small sizes; the asymptotic one errs to the safe side
    shape = ks_2samp(first, second, method="asymp")
    location = mannwhitneyu(first, second, method="asymptotic")
    return min(1.0, 2 * min(_p_value(shape), _p_value(location)))


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

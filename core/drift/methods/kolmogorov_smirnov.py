"""Kolmogorov-Smirnov: the largest gap between the two cumulative distributions."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, shares


def _measure(counts: Counts) -> Measured:
    from scipy.stats import kstwo

    first, second = shares(counts.table)
    gap = float(np.abs(np.cumsum(first - second)).max())
    effective = round(counts.n * counts.m / (counts.n + counts.m))
    return Measured(value=gap, p_value=float(np.clip(kstwo.sf(gap, max(effective, 1)), 0, 1)))


KOLMOGOROV_SMIRNOV = Method(
    name="ks",
    title="Kolmogorov-Smirnov",
    formula="D = sup |F(x) - G(x)|",
    constants="p-value of D for round(nm / (n + m)) rows",
    misleads="With many rows a gap of no importance is significant. It is blind to what happens far in the tails.",
    source="scipy.stats.ks_2samp(method='asymp')",
    kinds=("number",),
    of_counts=_measure,
)

"""Cramér-von Mises: the squared gap between the two cumulative distributions, over all rows."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method


def _measure(counts: Counts) -> Measured:
    from scipy.stats import cramervonmises_2samp

    if min(counts.n, counts.m) < 2:
        return Measured(refusal="It needs two values on each side.")
    ranks = np.arange(counts.table.shape[1], dtype=np.float64)
    first, second = (np.repeat(ranks, line.astype(np.int64)) for line in counts.table)
    found = cramervonmises_2samp(first, second, method="asymptotic")
    return Measured(value=float(found.statistic), p_value=float(found.pvalue))


CRAMER_VON_MISES = Method(
    name="cvm",
    title="Cramér-von Mises",
    formula="T = U / (nm (n + m)) - (4nm - 1) / (6 (n + m)), U from the ranks of both samples among all rows",
    constants="ranks of equal values are averaged; p-value of large samples",
    misleads="With many rows a gap of no importance is significant. With many equal values it is too careful.",
    source="scipy.stats.cramervonmises_2samp(method='asymptotic')",
    kinds=("number",),
    of_counts=_measure,
)

"""Total variation: the share of rows that would have to change their bin."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, shares
from core.statistics.row_tests import same_shares

BINS = 10


def _measure(counts: Counts) -> Measured:
    table = counts.binned(BINS)
    first, second = shares(table)
    return Measured(value=float(np.abs(first - second).sum() / 2), p_value=same_shares(table[0], table[1]))


TOTAL_VARIATION = Method(
    name="tvd",
    title="Total variation",
    formula="sum |p - q| / 2",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one; the p-value is that of chi-square",
    misleads="With many levels and few rows chance alone brings a distance; the default verdict takes that away.",
    source="numpy",
    kinds=("number", "category"),
    of_counts=_measure,
)

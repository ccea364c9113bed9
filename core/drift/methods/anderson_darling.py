"""Anderson-Darling: the squared gap between the two cumulative distributions, with weight on the tails."""

import math

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.statistics.blocks import Floats

_SPREAD = math.sqrt(2 * (math.pi**2 - 9) / 3)
_FAR = 6.0


def _measure(counts: Counts) -> Measured:
    table = counts.table
    if table.shape[1] < 2:
        return Measured(refusal="All rows of both sides have one value.")
    if min(counts.n, counts.m) < 2:
        return Measured(refusal="It needs two values on each side.")
    statistic = (_distance(table) - 1) / math.sqrt(_variance(counts.n, counts.m))
    return Measured(value=statistic, p_value=_beyond(1 + _SPREAD * statistic))


def _distance(table: Floats) -> float:
    """Return the statistic of Scholz and Stephens (1987), equation 7: ties have the middle of their ranks."""
    ties, total = table.sum(axis=0), table.sum()
    middle = np.cumsum(ties) - ties / 2
    weight = ties / total / (middle * (total - middle) - total * ties / 4)
    found = 0.0
    for line in table:
        below = np.cumsum(line) - line / 2
        found += float((weight * (total * below - middle * line.sum()) ** 2).sum() / line.sum())
    return found * (total - 1) / total


def _variance(n: float, m: float) -> float:
    """Return the variance of the statistic, equation 4 there with two samples."""
    total, h_n = n + m, 1 / n + 1 / m
    sums = np.cumsum(1 / np.arange(total - 1, 1, -1))
    h, g = float(sums[-1]) + 1, float((sums / np.arange(2, total)).sum())
    a = (4 * g - 6) + (10 - 6 * g) * h_n
    b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * h_n - 8 * h + 4 * g - 6
    c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * h_n + 4 * h
    d = 4 * (2 * h + 6) - 8 * h
    return (a * total**3 + b * total**2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3))


def _beyond(z: float) -> float:
    """Return the tail of the law of large samples (Marsaglia and Marsaglia 2004); far out, of its leading term."""
    if z <= 0:
        return 1.0
    if z < 2:
        inner = 2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z
        return 1 - math.exp(-1.2337141 / z) / math.sqrt(z) * inner
    if z > _FAR:
        return _beyond(_FAR) * math.sqrt(_FAR / z) * math.exp(_FAR - z)
    inner = 1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z
    return -math.expm1(-math.exp(inner))


ANDERSON_DARLING = Method(
    name="ad",
    title="Anderson-Darling",
    formula="A2 = (n + m - 1) / (n + m) * sum over both samples and all values of (gap of ranks)^2 / (H (N - H)), "
    "standardised",
    constants="the middle rank for equal values; p-value of large samples, to four digits",
    misleads="With many rows a gap of no importance is significant; a few far values move it more than other tests.",
    source="scipy.stats.anderson_ksamp(variant='midrank'), whose p-value ends at 0.001 and 0.25",
    kinds=("number",),
    of_counts=_measure,
)

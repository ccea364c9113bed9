"""Wasserstein: how far a row has to move on average, in robust standard deviations of the reference."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, shares
from core.statistics.blocks import Floats

_NORMAL = 1.3489795003921634


def _measure(counts: Counts) -> Measured:
    assert counts.numbers is not None
    kept = (counts.reference + counts.current) > 0
    values = counts.numbers[kept]
    if not np.isfinite(values).all():
        return Measured(refusal="A distance to an infinite value has no end.")
    first, second = shares(counts.table)
    with np.errstate(over="ignore", invalid="ignore"):
        way = float((np.abs(np.cumsum(first - second))[:-1] * np.diff(values)).sum())
        scale = _scale(values, first)
    if not np.isfinite(way) or not np.isfinite(scale):
        return Measured(refusal="The numbers are too large.")
    if not scale:
        return Measured(value=0.0) if not way else Measured(refusal="The reference has one value: it has no scale.")
    return Measured(value=way / scale)


def _scale(values: Floats, share: Floats) -> float:
    quarters = values[np.searchsorted(np.cumsum(share), [0.25 - 1e-12, 0.75 - 1e-12])]
    middle = float(quarters[1] - quarters[0]) / _NORMAL
    return middle or float(np.sqrt(share @ (values - share @ values) ** 2))


WASSERSTEIN = Method(
    name="wasserstein",
    title="Wasserstein, robustly scaled",
    formula="W = integral |F(x) - G(x)| dx / (interquartile range of the reference / 1.349)",
    constants="the standard deviation where the interquartile range is 0",
    misleads="One far value moves it; with few rows it is large by chance (0.11 with 250 normal rows), and it has no "
    "p-value of its own.",
    source="scipy.stats.wasserstein_distance, divided by the scale",
    kinds=("number",),
    of_counts=_measure,
)

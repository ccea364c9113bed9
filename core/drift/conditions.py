"""Thresholds from elsewhere, by name: for whoever has to agree with another tool. None of them is a verdict."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, shares
from core.drift.methods import METHODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One threshold: what it is ``measured`` by, and where it is ``met`` (met means: call it drift).

    ``misleads`` says how often it is wrong, as measured.
    """

    name: str
    title: str
    misleads: str
    measure: Callable[[Counts], tuple[Measured, float, bool]]

    def met(self, counts: Counts) -> bool | None:
        """Tell whether the other tool would call this drift; ``None`` where it cannot say."""
        found, threshold, below = self.measure(counts)
        if found.value is None:
            return None
        return found.value <= threshold if below else found.value >= threshold


def _above(method: str, threshold: float) -> Callable[[Counts], tuple[Measured, float, bool]]:
    return lambda counts: (METHODS[method].measure(counts), threshold, False)


def _deepchecks(counts: Counts) -> tuple[Measured, float, bool]:
    return METHODS["ks" if counts.kind == "number" else "v"].measure(counts), 0.2, False


def _evidently(counts: Counts) -> tuple[Measured, float, bool]:
    """Return Evidently 0.7.23's choice by kind, different values and rows of the reference (its default rule)."""
    if counts.refusal or not (counts.n and counts.m):
        return Measured(refusal=counts.refusal or "One side has no values."), 0.05, True
    few, different = counts.n <= 1000, counts.table.shape[1]
    if counts.kind == "number" and different > 5:
        found = METHODS["ks"].measure(counts)
        return (Measured(value=found.p_value), 0.05, True) if few else (_by_deviation(counts), 0.1, False)
    if not few:
        return _natural_distance(counts), 0.1, False
    return Measured(value=_known_reference(counts) if different > 2 else _two_shares(counts)), 0.05, True


def _by_deviation(counts: Counts) -> Measured:
    from scipy.stats import wasserstein_distance

    values = counts.numbers
    if values is None or not np.isfinite(values).all():
        return Measured(refusal="It needs finite numbers.")
    middle = float(values @ counts.reference) / counts.n
    deviation = math.sqrt(float((values - middle) ** 2 @ counts.reference) / counts.n)
    way = float(wasserstein_distance(values, values, counts.reference, counts.current))
    return Measured(value=way / max(deviation, 0.001))


def _natural_distance(counts: Counts) -> Measured:
    from scipy.spatial.distance import jensenshannon

    return Measured(value=float(jensenshannon(*shares(counts.table))))


def _known_reference(counts: Counts) -> float:
    from scipy.stats import chi2

    expected = counts.table[0] * counts.m / counts.n
    with np.errstate(divide="ignore"):
        statistic = float(((counts.table[1] - expected) ** 2 / expected).sum())
    return float(chi2.sf(statistic, len(expected) - 1))


def _two_shares(counts: Counts) -> float:
    from scipy.stats import norm

    before, after = counts.table[:, 0] / counts.table.sum(axis=1)
    pooled = float(counts.table[:, 0].sum() / counts.table.sum())
    error = math.sqrt(pooled * (1 - pooled) * (1 / counts.n + 1 / counts.m))
    return 2 * float(norm.sf(abs(before - after) / error)) if error else 1.0


CONDITIONS: Mapping[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition(
            name="psi_0.1",
            title="Stability index of 0.1",
            misleads="Chance alone brings it in half of all columns with 180 rows a side in ten bins.",
            measure=_above("psi", 0.1),
        ),
        Condition(
            name="psi_0.25",
            title="Stability index of 0.25",
            misleads="It is blind to a shift of 0.2 standard deviations, at any number of rows.",
            measure=_above("psi", 0.25),
        ),
        Condition(
            name="deepchecks",
            title="As Deepchecks: a distance of 0.2",
            misleads="It is blind to a shift of 0.2 standard deviations, at any number of rows.",
            measure=_deepchecks,
        ),
        Condition(
            name="evidently",
            title="As Evidently's default",
            misleads="It takes the reference as known, so that categories of random halves are called drifted four "
            "times in ten; it changes its method at 1,000 rows; missing values are invisible to it.",
            measure=_evidently,
        ),
    )
}

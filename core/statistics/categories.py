"""The distance between two distributions over categories: total variation, half the sum of absolute differences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Floats, fixed_generator
from core.statistics.contrast import DRAWS, Contrast, contrast
from core.statistics.evidence import Evidence
from core.statistics.intervals import Z_95

EXPECTED = 10
"""Rows of fewer than so many are far more on some days, and none on others: no normal law tells how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Total variation distance, 0-1: measured, the most and the least it may be, against chance (``by_chance``)."""

    distance: float
    upper: float
    evidence: Evidence
    by_chance: Floats


def total_variation(first: Floats, second: Floats, *, independent: bool) -> Variation:
    """Compare two tables of counts (blocks x bins; one line each where rows are independent)."""
    found = contrast(first, second, independent=independent, cumulative=False)
    distance = _half_sum(found.difference)
    by_chance = np.abs(found.noise).sum(axis=1) / 2
    bins = first.sum(axis=0), second.sum(axis=0)
    sizes = float(first.sum()), float(second.sum())
    told = np.full(first.shape[1], fill_value=True) if independent else enough_rows(*bins, of=sizes)
    return Variation(
        distance=distance,
        upper=min(1.0, _upper(found, by_chance, few=int(((bins[0] + bins[1]) > 0).sum()) <= 2)),
        evidence=_evidence(found, distance, _dealt_anew(*bins) if independent else found.noise, told),
        by_chance=by_chance,
    )


def enough_rows(first: Floats, second: Floats, *, of: tuple[float, float]) -> NDArray[np.bool_]:
    """Tell which counts of two sides, ``of`` so many rows, suffice for a normal law where days differ.

    The smaller side should have ``EXPECTED`` rows that count and as many that do not, by the share of both sides.
    """
    share = (first + second) / sum(of)
    return np.minimum(share, 1 - share) * min(of) >= EXPECTED


def _evidence(found: Contrast, distance: float, noise: Floats, told: NDArray[np.bool_]) -> Evidence:
    # each category that is told on its own, and all together: the distance is no less than either. The error of the
    # whole is such that both reach their rarest twentieth at as many errors
    deviations = (np.abs(noise[:, told]) / found.error[told]).max(axis=1, initial=0.0)
    whole = np.abs(noise).sum(axis=1) / 2
    usual = float(np.quantile(deviations, 0.95)) or Z_95
    error = float(np.quantile(whole, 0.95)) / usual or float(found.error.max())
    return Evidence(
        estimates=np.append(np.abs(found.difference[told]), distance),
        errors=np.append(found.error[told], error),
        chance=np.maximum(deviations, whole / error),
        degrees=found.degrees,
        open_share=found.open_share,
    )


def _dealt_anew(first: Floats, second: Floats) -> Floats:
    """Return draws of the difference where all rows are dealt anew to both sides: exact where rows are independent."""
    totals, size = (first + second).astype(np.int64), int(second.sum())
    dealt = fixed_generator().multivariate_hypergeometric(totals, size, size=DRAWS, method="marginals")
    return dealt / size - (totals - dealt) / first.sum()


def _half_sum(differences: Floats) -> float:
    return float(np.abs(differences).sum() / 2)


def _upper(found: Contrast, by_chance: Floats, *, few: bool) -> float:
    # the distance is the largest difference over all sets of categories, so any set bounds it from below; with two
    # categories there is but one set
    single = float((np.abs(found.difference) + found.half_width).max())
    if few:
        return single
    distance = max(_half_sum(found.difference), float(np.median(by_chance)))
    return max(single, _farthest(found, distance))


def _farthest(found: Contrast, distance: float) -> float:
    """Return the largest true distance that still gives ``distance`` or less in 2.5 % of samples.

    The true differences are taken to be spread as the noise is: spread so, they stay hidden best.
    """
    noise = found.noise[::4]
    signs = np.sign(found.difference)
    direction = np.where(signs == 0, np.sign(noise[0]), signs) * noise.std(axis=0)
    direction = direction / max(_half_sum(direction), 1e-300)
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        measured = np.abs(middle * direction + noise).sum(axis=1) / 2
        low, high = (middle, high) if float(np.quantile(measured, 0.025)) <= distance else (low, middle)
    return high

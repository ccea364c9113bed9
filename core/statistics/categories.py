"""The distance between two distributions over categories: total variation, half the sum of absolute differences."""

from dataclasses import dataclass

import numpy as np

from core.statistics.blocks import Floats
from core.statistics.contrast import Contrast, chance_p_value, contrast
from core.statistics.estimate import Interval
from core.statistics.row_tests import same_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Total variation distance, 0-1: measured, with its interval, against chance (``by_chance``), and its p-value."""

    distance: float
    interval: Interval
    by_chance: Floats
    p_value: float


def total_variation(first: Floats, second: Floats, *, independent: bool) -> Variation:
    """Compare two tables of counts (blocks x bins; one line each where rows are independent)."""
    found = contrast(first, second, independent=independent, cumulative=False)
    distance = _half_sum(found.difference)
    by_chance = np.abs(found.noise).sum(axis=1) / 2
    bins = first.sum(axis=0), second.sum(axis=0)
    return Variation(
        distance=distance,
        interval=Interval(
            lower=max(0.0, distance - float(np.quantile(by_chance, 0.95))),
            upper=min(1.0, _upper(found, by_chance, few=int(((bins[0] + bins[1]) > 0).sum()) <= 2)),
        ),
        by_chance=by_chance,
        p_value=same_shares(*bins) if independent else chance_p_value(distance, by_chance, found),
    )


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

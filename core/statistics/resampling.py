"""Statistics of resampled blocks, from sums a unit and never from rows: a thousand repeats cost a matrix product."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Blocks, Floats

Resample = Callable[[Floats], Floats]
"""Weights of the units, one row a repeat, to one value a repeat (NaN where a repeat has nothing to measure on)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How to resample a ratio of sums, given both sums of every unit."""

    numerators: Floats
    denominators: Floats

    def __call__(self, weights: Floats) -> Floats:
        """Return the ratio in each repeat."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return (weights @ self.numerators) / (weights @ self.denominators)


def ratio(numerators: Floats, denominators: Floats) -> Ratio:
    """Return how to resample a ratio of sums, given both sums of every unit."""
    return Ratio(numerators, denominators)


def mean_of_ratios(numerators: Floats, denominators: Floats) -> Resample:
    """Return how to resample the mean of several ratios: sums are units x ratios; an empty ratio is left out."""

    def resample(weights: Floats) -> Floats:
        above, below = weights @ numerators, weights @ denominators
        present = below > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(present, above / below, 0.0)
            return shares.sum(axis=1) / present.sum(axis=1)

    return resample


def pair_wins(scores: Floats, positive: NDArray[np.bool_], blocks: Blocks) -> Floats:
    """Count, for every two units, the pairs in which a positive of the first outranks a negative of the second.

    A tie counts as half a win. All that an AUC needs to know of the rows, whichever units are drawn.
    """
    order = np.argsort(scores[positive], kind="stable")
    ranked, owners = scores[positive][order], blocks.units[positive][order]
    negatives, rivals = scores[~positive], blocks.units[~positive]
    wins = np.zeros((blocks.n_units, blocks.n_units))
    by_unit = np.argsort(rivals, kind="stable")
    ends = np.cumsum(np.bincount(rivals, minlength=blocks.n_units))
    for unit, (start, stop) in enumerate(zip(np.r_[0, ends[:-1]], ends, strict=True)):
        rival = np.sort(negatives[by_unit[start:stop]])
        beaten = np.searchsorted(rival, ranked, side="left") + np.searchsorted(rival, ranked, side="right")
        wins[:, unit] = np.bincount(owners, weights=beaten / 2, minlength=blocks.n_units)
    return wins


def auc(wins: Floats, positives: Floats, negatives: Floats) -> Resample:
    """Return how to resample an AUC, given the wins of every two units and the counts of every unit."""

    def resample(weights: Floats) -> Floats:
        won = np.einsum("ri,ri->r", weights @ wins, weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            return won / ((weights @ positives) * (weights @ negatives))

    return resample

"""Isotonic calibration: what a score has meant, and how far that is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Codes, Floats

GROUPS = 100
"""Into so many groups of like scores rows are counted before anything is resampled."""

_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """A share of positives that never falls as the score rises: at ``scores``, and straight lines between them."""

    scores: Floats
    shares: Floats

    def __call__(self, scores: Floats) -> Floats:
        """Return the calibrated probability of each score; beyond the ends, that of the end."""
        return np.interp(scores, self.scores, self.shares)


def calibrate(scores: Floats, positive: NDArray[Any], weights: Floats | None = None) -> Calibrator:
    """Fit the isotonic regression of ``positive`` (0 or 1) on ``scores``: as scikit-learn's, clipped at the ends.

    Notes
    -----
    Pool adjacent violators (Barlow et al., 1972), after averaging rows of one score.
    """
    from scipy.optimize import isotonic_regression

    weights = np.ones(len(scores)) if weights is None else weights
    values, places = np.unique(scores, return_inverse=True)
    total = np.maximum(np.bincount(places, weights=weights), _NEXT_TO_NOTHING)
    share = np.bincount(places, weights=weights * positive) / total
    return Calibrator(scores=values, shares=isotonic_regression(share, weights=total).x)


def group_edges(scores: Floats, *also: float) -> Floats:
    """Return the scores that part rows into groups of about equal size; ``also`` are edges whatever the scores are."""
    quantiles = np.quantile(scores, np.linspace(0, 1, GROUPS + 1)[1:-1])
    return np.unique(np.concatenate([quantiles, also]))


def groups_of(scores: Floats, edges: Floats) -> Codes:
    """Return the group of each score, ``0`` the lowest: a score that equals an edge lies below it."""
    return np.searchsorted(edges, scores, side="left")


def redrawn_shares(rows: Floats, positives: Floats, draws: Floats) -> Floats:
    """Return the calibrated share of each group, one line a redraw of the blocks.

    Parameters
    ----------
    rows, positives
        Counts (or sums of weights), blocks x groups.
    draws
        How often each block was drawn, redraws x blocks.
    """
    from scipy.optimize import isotonic_regression

    overall = positives.sum(axis=0) / np.maximum(rows.sum(axis=0), _NEXT_TO_NOTHING)
    drawn = draws @ rows
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(drawn > 0, (draws @ positives) / drawn, overall)
    heavy = np.maximum(drawn, _NEXT_TO_NOTHING)
    return np.array([isotonic_regression(y, weights=w).x for y, w in zip(shares, heavy, strict=True)])

"""How often rows like the known ones occur in a window: importance weights, and whether there are such rows at all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.monitoring.estimated.folds import folds_of
from core.statistics.blocks import Codes, Floats, code_blocks, fixed_generator
from core.statistics.boosting import learnable
from core.statistics.calibration import calibrate

ROWS = 4_000
"""At most so many rows of each side teach the classifier that tells them apart."""

FOLDS = 4
MOST_AUC = 0.95
"""Sides that are told apart better than this share hardly a row."""

LEAST_EFFECTIVE = 0.05
"""A weighted average has to rest on at least this share of the known rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What tells known rows from a window's: ``auc`` on rows of blocks that it did not learn from.

    ``weights`` say for each known row how often its like occurs in the window, with mean 1.
    """

    auc: float
    weights: Floats

    @property
    def n_effective(self) -> float:
        """Return how many rows of equal weight are worth as much (Kish)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())

    @property
    def refusal(self) -> str:
        """Return why nothing can be said about the window by these weights; empty where something can."""
        if self.auc > MOST_AUC:
            return (
                "the window's rows have no like in the hold-out: a classifier tells them apart in "
                f"{100 * self.auc:.1f} % of pairs, and above {100 * MOST_AUC:.0f} % no hold-out row vouches for them."
            )
        if self.n_effective < LEAST_EFFECTIVE * len(self.weights):
            return (
                f"only {self.n_effective:,.0f} of {len(self.weights):,} hold-out rows are like the window's; "
                f"at least {100 * LEAST_EFFECTIVE:.0f} % would have to be."
            )
        return ""


def overlap(known: Floats, window: Floats, known_blocks: NDArray[Any], window_blocks: NDArray[Any]) -> Overlap:
    """Learn to tell two matrices of the same inputs apart, and weight the first one to look like the second.

    Notes
    -----
    ``w = P(window | x) / P(known | x) * n_known / n_window`` from gradient boosting whose scores, of rows in blocks
    held out, are calibrated by isotonic regression. Sides that only their days tell apart are alike: a day is never
    on both sides of a fold.
    """
    from sklearn.metrics import roc_auc_score

    values = np.vstack([known, window])
    side = np.repeat([0, 1], [len(known), len(window)])
    scores = _held_out_scores(values, side, np.concatenate([_dealt(known_blocks), _dealt(window_blocks)]))
    chance = calibrate(scores, side == 1)(scores[side == 0])
    odds = chance / np.maximum(1 - chance, 1e-12)
    auc = float(roc_auc_score(side, scores))
    return Overlap(auc=auc, weights=odds / max(float(odds.mean()), 1e-12))


def _dealt(blocks: NDArray[Any]) -> Codes:
    return folds_of(code_blocks(blocks).codes, FOLDS)


def _held_out_scores(values: Floats, side: Codes, folds: Codes) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng, scores = fixed_generator(), np.zeros(len(side))
    for fold in range(FOLDS):
        learned = np.concatenate([_some(np.flatnonzero((folds != fold) & (side == which)), rng) for which in (0, 1)])
        model = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, min_samples_leaf=40, random_state=0)
        model.fit(learnable(values[learned]), side[learned])
        scores[folds == fold] = model.decision_function(values[folds == fold])
    return scores


def _some(rows: Codes, rng: np.random.Generator) -> Codes:
    return rows if len(rows) <= ROWS else rng.choice(rows, ROWS, replace=False)

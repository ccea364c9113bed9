"""Rows counted by score and by class: all that a metric needs to know, whatever weight each row has.

A row may count as part of several classes, and with a negative weight: an expected outcome, and how it was missed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Blocks, Codes, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Masses:
    """Sums of weights, and of weights times score: any leading axes, then groups x classes.

    Binary: groups of like scores, the lowest first, and the classes negative and positive; ``flagged`` tells which
    groups the model says yes to. Several classes: a group is a predicted class. Regression: one group, whose two
    "classes" are the rows and what each brings to the metric.
    """

    weights: Floats
    promised: Floats
    flagged: NDArray[np.bool_]

    def times(self, factors: Floats) -> "Masses":
        """Return the masses with each class (last axis of ``factors``) times a factor."""
        wide = factors[..., None, :]
        return Masses(weights=self.weights * wide, promised=self.promised * wide, flagged=self.flagged)

    def plus(self, other: "Masses") -> "Masses":
        """Return both together."""
        return Masses(
            weights=self.weights + other.weights, promised=self.promised + other.promised, flagged=self.flagged
        )

    def drawn(self, draws: Floats) -> "Masses":
        """Return the masses, units first, with each unit as often as it was drawn, one line a draw."""
        sums = [np.tensordot(draws, table, axes=1) for table in (self.weights, self.promised)]
        return Masses(weights=sums[0], promised=sums[1], flagged=self.flagged)

    def over(self, total: Floats) -> "Masses":
        """Return the masses as shares of ``total``, one a line."""
        wide = np.maximum(total, 1e-300)[..., None, None]
        return Masses(weights=self.weights / wide, promised=self.promised / wide, flagged=self.flagged)

    @property
    def shares(self) -> Floats:
        """Return the share of every class."""
        found = self.weights.sum(axis=-2)
        return found / found.sum(axis=-1, keepdims=True)


def masses(weights: Floats, scores: Floats, groups: Codes, flagged: NDArray[np.bool_], blocks: Blocks) -> Masses:
    """Sum the weights of rows (rows x classes) by unit and group."""
    n_groups, n_classes = len(flagged), weights.shape[1]
    places, size = blocks.units * n_groups + groups, blocks.n_units * n_groups

    def summed(values: Floats) -> Floats:
        columns = [np.bincount(places, weights=values[:, k], minlength=size) for k in range(n_classes)]
        return np.stack(columns, axis=-1).reshape(blocks.n_units, n_groups, n_classes).astype(np.float64)

    return Masses(weights=summed(weights), promised=summed(weights * scores[:, None]), flagged=flagged)


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(above / below)


def _recall(m: Masses) -> Floats:
    return _ratio(m.weights[..., m.flagged, 1].sum(axis=-1), m.weights[..., 1].sum(axis=-1))


def _precision(m: Masses) -> Floats:
    flagged = m.weights[..., m.flagged, :]
    return _ratio(flagged[..., 1].sum(axis=-1), flagged.sum(axis=(-1, -2)))


def _specificity(m: Masses) -> Floats:
    return _ratio(m.weights[..., ~m.flagged, 0].sum(axis=-1), m.weights[..., 0].sum(axis=-1))


def _balanced_accuracy(m: Masses) -> Floats:
    return (_recall(m) + _specificity(m)) / 2


def _accuracy(m: Masses) -> Floats:
    right = m.weights[..., m.flagged, 1].sum(axis=-1) + m.weights[..., ~m.flagged, 0].sum(axis=-1)
    return _ratio(right, m.weights.sum(axis=(-1, -2)))


def _f1(m: Masses) -> Floats:
    flagged = m.weights[..., m.flagged, :]
    return _ratio(2 * flagged[..., 1].sum(axis=-1), m.weights[..., 1].sum(axis=-1) + flagged.sum(axis=(-1, -2)))


def _share_gap(m: Masses) -> Floats:
    return _ratio(m.promised.sum(axis=(-1, -2)) - m.weights[..., 1].sum(axis=-1), m.weights.sum(axis=(-1, -2)))


def _roc_auc(m: Masses) -> Floats:
    """Return the area by trapezoids: a positive beats the negatives below it, and half of those of its group."""
    negatives, positives = m.weights[..., 0], m.weights[..., 1]
    below = np.cumsum(negatives, axis=-1) - negatives / 2
    return _ratio((positives * below).sum(axis=-1), positives.sum(axis=-1) * negatives.sum(axis=-1))


def _correct_share(m: Masses) -> Floats:
    return _ratio(np.trace(m.weights, axis1=-2, axis2=-1), m.weights.sum(axis=(-1, -2)))


def _macro_recall(m: Masses) -> Floats:
    right, members = np.diagonal(m.weights, axis1=-2, axis2=-1), m.weights.sum(axis=-2)
    occurs = members > 1e-9
    return np.asarray(np.where(occurs, _ratio(right, members), 0.0).sum(axis=-1) / np.maximum(occurs.sum(axis=-1), 1))


def _mean(m: Masses) -> Floats:
    return _ratio(m.weights[..., 0, 1], m.weights[..., 0, 0])


def weighed(metric: str, m: Masses) -> Floats:
    """Return a metric of the catalogue on rows of any weight."""
    value = WEIGHED[metric](m)
    return np.clip(value, 0, 1) if metric in SHARES else value


WEIGHED: Mapping[str, Callable[[Masses], Floats]] = {
    "recall": _recall,
    "precision": _precision,
    "f1": _f1,
    "specificity": _specificity,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "share_gap": _share_gap,
    "roc_auc": _roc_auc,
    "correct_share": _correct_share,
    "macro_recall": _macro_recall,
    "mae": _mean,
    "bias": _mean,
}
SHARES = frozenset(WEIGHED) - {"share_gap", "mae", "bias"}
"""Metrics between 0 and 1, which a metric of masses, some of them negative, may leave."""

MOVED_BY_CLASS_SHARES = frozenset({"precision", "f1", "accuracy", "share_gap", "correct_share"})
"""Metrics that the shares of the classes alone can move; the others are measured within classes."""

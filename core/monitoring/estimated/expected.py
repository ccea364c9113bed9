"""What a metric of classes is expected to be, given the probability that each row turns out positive.

The formulas of CBPE (confidence-based performance estimation, NannyML): a row counts as positive and negative at once,
by its probability.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Masses:
    """Groups of rows with like scores, the lowest score first (a group may be one row).

    ``positives`` are the rows of each group that turn out positive, expected or drawn: groups last, one line a draw.
    ``rows`` are the rows, ``flagged`` tells which groups the model says yes to, ``promised`` sums their scores.
    """

    rows: Floats
    positives: Floats
    flagged: NDArray[np.bool_]
    promised: Floats

    @property
    def negatives(self) -> Floats:
        """Return the rows of each group that turn out negative."""
        return self.rows - self.positives


Expected = Callable[[Masses], Floats]


def masses_of(probabilities: Floats, scores: Floats, flagged: NDArray[np.bool_]) -> Masses:
    """Return rows as groups of one."""
    order = np.argsort(scores, kind="stable")
    return Masses(
        rows=np.ones(len(scores)), positives=probabilities[order], flagged=flagged[order], promised=scores[order]
    )


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(above / below)


def _accuracy(m: Masses) -> Floats:
    return _ratio(np.where(m.flagged, m.positives, m.negatives).sum(axis=-1), m.rows.sum())


def _precision(m: Masses) -> Floats:
    return _ratio(m.positives[..., m.flagged].sum(axis=-1), m.rows[m.flagged].sum())


def _recall(m: Masses) -> Floats:
    return _ratio(m.positives[..., m.flagged].sum(axis=-1), m.positives.sum(axis=-1))


def _specificity(m: Masses) -> Floats:
    return _ratio(m.negatives[..., ~m.flagged].sum(axis=-1), m.negatives.sum(axis=-1))


def _balanced_accuracy(m: Masses) -> Floats:
    return (_recall(m) + _specificity(m)) / 2


def _f1(m: Masses) -> Floats:
    right = m.positives[..., m.flagged].sum(axis=-1)
    return _ratio(2 * right, m.positives.sum(axis=-1) + m.rows[m.flagged].sum())


def _roc_auc(m: Masses) -> Floats:
    """Return the area by trapezoids: a positive beats the negatives below it, and half of those of its group."""
    below = np.cumsum(m.negatives, axis=-1) - m.negatives / 2
    pairs = m.positives.sum(axis=-1) * m.negatives.sum(axis=-1)
    return _ratio((m.positives * below).sum(axis=-1), pairs)


def _share_gap(m: Masses) -> Floats:
    return _ratio(m.promised.sum() - m.positives.sum(axis=-1), m.rows.sum())


def _correct_share(m: Masses) -> Floats:
    """Return the share predicted right, where the positive outcome is that the predicted class is the true one."""
    return _ratio(m.positives.sum(axis=-1), m.rows.sum())


EXPECTED: Mapping[str, Expected] = {
    "accuracy": _accuracy,
    "precision": _precision,
    "recall": _recall,
    "specificity": _specificity,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "roc_auc": _roc_auc,
    "share_gap": _share_gap,
    "correct_share": _correct_share,
}
"""Metrics that can be expected from probabilities, by the names of the metric catalogue where it has them."""

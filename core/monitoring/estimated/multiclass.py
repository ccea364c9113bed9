"""CBPE for several classes, from a probability for each: every class against the rest, averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.monitoring.estimated.expected import EXPECTED, masses_of
from core.statistics.blocks import Floats
from core.statistics.calibration import Calibrator


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScores:
    """Rows with a score for each of ``classes`` (rows x classes) and the class that is ``predicted``."""

    classes: Sequence[str]
    scores: Floats
    predicted: NDArray[Any]


def class_probabilities(scores: Floats, calibrators: Sequence[Calibrator | None]) -> Floats:
    """Return calibrated probabilities that sum to 1 a row; a class without a calibrator keeps its scores."""
    found = np.column_stack([scores[:, k] if c is None else c(scores[:, k]) for k, c in enumerate(calibrators)])
    total = found.sum(axis=1, keepdims=True)
    return np.where(total > 0, found / np.where(total > 0, total, 1), 1 / found.shape[1])


def expected_over_classes(metric: str, window: ClassScores, probabilities: Floats) -> float:
    """Return a metric of ``EXPECTED`` averaged over the classes; accuracy is the probability of what is predicted."""
    said = np.column_stack([window.predicted == name for name in window.classes])
    if metric == "accuracy":
        return float(probabilities[said].mean())
    # normalising made the probabilities of equal scores differ, but nothing ranks such rows
    chances = _shared_by_equals(window.scores, probabilities) if metric == "roc_auc" else probabilities
    of_class = zip(chances.T, window.scores.T, said.T, strict=True)
    return float(np.mean([EXPECTED[metric](masses_of(*one)) for one in of_class]))


def _shared_by_equals(scores: Floats, probabilities: Floats) -> Floats:
    shared = np.empty_like(probabilities)
    for k in range(scores.shape[1]):
        _, places, counts = np.unique(scores[:, k], return_inverse=True, return_counts=True)
        shared[:, k] = (np.bincount(places, weights=probabilities[:, k]) / counts)[places]
    return shared

"""The rows of outcomes that have both a prediction and a label."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.metrics.metric import Outcomes
from core.statistics.blocks import Floats


def numbers(outcomes: Outcomes) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return labels and scores as numbers, and which rows have both.

    Raises
    ------
    InvalidInput
        Labels or scores are missing altogether, or are no numbers.
    """
    label, score = _required(outcomes.label, "labels"), _required(outcomes.score, "scores")
    try:
        label, score = label.astype(np.float64), score.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            "This metric needs labels and scores that are numbers; the task predicts classes given as text. "
            "Choose a metric for several classes."
        ) from error
    return label, score, np.isfinite(label) & np.isfinite(score)


def binary(outcomes: Outcomes) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """Return which rows are positive, their scores, and which rows have both a label and a score.

    Raises
    ------
    InvalidInput
        A label is neither 0 nor 1.
    """
    label, score, known = numbers(outcomes)
    if not np.isin(label[known], (0.0, 1.0)).all():
        raise InvalidInput("This metric needs labels of 0 and 1; the task predicts a number. Choose another metric.")
    return known & (label == 1.0), score, known


def probabilities(outcomes: Outcomes) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """Return what ``binary`` does, where the scores are probabilities.

    Raises
    ------
    InvalidInput
        A score lies beyond 0 and 1, or a label is neither 0 nor 1.
    """
    positive, score, known = binary(outcomes)
    if ((score[known] < 0) | (score[known] > 1)).any():
        raise InvalidInput("This metric needs probabilities; some scores lie beyond 0 and 1. Choose another metric.")
    return positive, score, known


def classes(outcomes: Outcomes) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Return labels and predicted classes, and which rows have both.

    Raises
    ------
    InvalidInput
        Labels or predicted classes are missing altogether.
    """
    label, predicted = _required(outcomes.label, "labels"), _required(outcomes.predicted, "predicted classes")
    return label, predicted, _present(label) & _present(predicted)


def _present(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    if values.dtype.kind != "O":
        return np.ones(len(values), dtype=np.bool_)
    # NaN is the only value that differs from itself
    return np.fromiter((v is not None and v == v for v in values), dtype=np.bool_, count=len(values))


def _required(values: NDArray[Any] | None, what: str) -> NDArray[Any]:
    if values is None:
        raise InvalidInput(f"This metric needs {what}, which the outcomes lack.")
    return values

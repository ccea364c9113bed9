"""What the reference says that rows turn out as: learned from it, and said of no row by a model that saw its day."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.monitoring.estimated.folds import folds_of
from core.statistics.blocks import Codes, Floats, fixed_generator
from core.statistics.boosting import learnable

Predict = Callable[[Floats], Floats]

FOLDS = 4
ROWS = 20_000
"""At most so many rows teach a model."""


def expected_outcomes(
    known: Floats, outcomes: Floats, blocks: Codes, window: Floats, *, classes: bool
) -> tuple[Floats, Floats]:
    """Return the expected outcome of known rows (cross-fitted by block) and of a window's rows.

    Parameters
    ----------
    known, window
        Inputs, rows x columns.
    outcomes
        Rows x outcomes: one-hot ``classes``, or numbers, each learned by itself.
    """
    folds = folds_of(blocks, FOLDS)
    held_out, ahead = np.zeros_like(outcomes), np.zeros((len(window), outcomes.shape[1]))
    for fold in range(FOLDS):
        learned, held = _some(np.flatnonzero(folds != fold)), folds == fold
        predict = (_classes if classes else _numbers)(known[learned], outcomes[learned])
        ahead += predict(window) / FOLDS
        if held.any():
            held_out[held] = predict(known[held])
    return held_out, ahead


def _some(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    return rows if len(rows) <= ROWS else fixed_generator().choice(rows, ROWS, replace=False)


def _classes(values: Floats, outcomes: Floats) -> Predict:
    from sklearn.ensemble import HistGradientBoostingClassifier

    known = outcomes.argmax(axis=1)
    present = np.unique(known)
    if len(present) == 1:
        return lambda rows: np.tile(np.eye(outcomes.shape[1])[present[0]], (len(rows), 1))
    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, min_samples_leaf=40, random_state=0)
    model.fit(learnable(values), known)

    def predict(rows: Floats) -> Floats:
        found = np.zeros((len(rows), outcomes.shape[1]))
        found[:, present] = model.predict_proba(rows)
        return found

    return predict


def _numbers(values: Floats, outcomes: Floats) -> Predict:
    from sklearn.ensemble import HistGradientBoostingRegressor

    models: list[Any] = [
        HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=8, min_samples_leaf=40, random_state=0).fit(
            learnable(values), outcomes[:, column]
        )
        for column in range(outcomes.shape[1])
    ]
    return lambda rows: np.column_stack([model.predict(rows) for model in models])

"""How well one column alone predicts the label: the predictive power score, out of fold."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FOLDS, _LEAVES, _LEAST = 4, 64, 5
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """``score`` is 0 where the column does no better than a guess and 1 where it is never wrong.

    ``auc`` is given for two classes; ``z`` says by how many standard errors the column beats the guess, row by row.
    """

    score: float
    z: float
    auc: float | None = None


def power_of_classes(values: Floats, labels: NDArray[np.str_]) -> Power:
    """Measure how well numbers (NaN: missing) tell classes.

    Notes
    -----
    A tree of at most 64 leaves, four folds: ``max(0, (F1 - F1_guess) / (1 - F1_guess))`` with the weighted F1, the
    guess being the commoner of always the commonest class and classes drawn at random (``ppscore``).
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    classes, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    tree = DecisionTreeClassifier(max_leaf_nodes=_LEAVES, min_samples_leaf=_LEAST, random_state=_SEED)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class with fewer rows than folds is in none of some folds
        chances = np.asarray(
            cross_val_predict(tree, values.reshape(-1, 1), codes, cv=folds, method="predict_proba"), dtype=np.float64
        )
    predicted = chances.argmax(axis=1)
    commonest = np.full(len(codes), counts.argmax())
    drawn = np.random.default_rng(_SEED).permutation(codes)
    reached, *guesses = (_f1(codes, guess) for guess in (predicted, commonest, drawn))
    auc = float(roc_auc_score(codes, chances[:, 1])) if len(classes) == 2 else None
    gain = (predicted == codes).astype(np.float64) - (commonest == codes)
    return Power(score=_share(reached, max(guesses)), z=_z(gain), auc=auc)


def power_of_numbers(values: Floats, labels: Floats) -> Power:
    """Measure how well numbers (NaN: missing) tell a number: ``max(0, 1 - MAE / MAE of the median)``, as above."""
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.tree import DecisionTreeRegressor

    tree = DecisionTreeRegressor(max_leaf_nodes=_LEAVES, min_samples_leaf=_LEAST, random_state=_SEED)
    folds = KFold(_FOLDS, shuffle=True, random_state=_SEED)
    predicted = np.asarray(cross_val_predict(tree, values.reshape(-1, 1), labels, cv=folds), dtype=np.float64)
    missed, by_guess = np.abs(labels - predicted), np.abs(labels - np.median(labels))
    if not by_guess.mean():
        return Power(score=0.0, z=0.0)
    return Power(score=max(0.0, 1 - float(missed.mean() / by_guess.mean())), z=_z(by_guess - missed))


def _f1(codes: NDArray[np.intp], predicted: NDArray[np.intp]) -> float:
    """Return the F1 of each class, weighted by its rows; a class that is never predicted counts as 0."""
    right = np.bincount(codes[codes == predicted], minlength=codes.max() + 1)
    rows = np.bincount(codes, minlength=len(right))
    return float((rows * 2 * right / (rows + np.bincount(predicted, minlength=len(right)))).sum() / rows.sum())


def _share(reached: float, guess: float) -> float:
    return max(0.0, (reached - guess) / (1 - guess)) if guess < 1 else 0.0


def _z(gain: Floats) -> float:
    deviation = float(gain.std(ddof=1))
    if not deviation:
        return float("inf") if gain.mean() > 0 else 0.0
    return float(gain.mean() / deviation * np.sqrt(len(gain)))

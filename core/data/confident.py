"""Confident learning: which given labels a model, taught without them, is sure are another (Northcutt et al., 2021)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.boosting import learnable

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

FOLDS = 5
_SEED = 0
LEVELS = 254  # of a category, as many as the trees take, and one for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Rows whose label is doubted, the most doubtful first; ``suggested`` is the class that each looks like."""

    rows: Codes
    suggested: Codes
    margin: Floats


def doubted(chances: Floats, given: Codes) -> Doubts:
    """Return the off-diagonal of the confident joint.

    Parameters
    ----------
    chances
        Out-of-fold probabilities, rows x classes.
    given
        The given class of every row; each class has at least one.

    Notes
    -----
    The threshold of class j is the mean of p_j over the rows labelled j. A row labelled i counts as j where p_j reaches
    that threshold and is the largest of those that reach theirs. Ranked by p_i minus the largest other probability.
    """
    rows = np.arange(len(given))
    thresholds = np.array([chances[given == j, j].mean() for j in range(chances.shape[1])])
    confident = np.where(chances >= thresholds - 1e-12, chances, -np.inf)
    suggested = confident.argmax(axis=1)
    at_odds = np.isfinite(confident.max(axis=1)) & (suggested != given)
    others = chances.copy()
    others[rows, given] = -np.inf
    margin = chances[rows, given] - others.max(axis=1)
    order = np.flatnonzero(at_odds)[np.argsort(margin[at_odds], kind="stable")]
    return Doubts(rows=order, suggested=suggested[order], margin=margin[order])


def out_of_fold(inputs: Floats, given: Codes, *, categories: tuple[int, ...] = ()) -> Floats:
    """Return each row's class probabilities from boosted trees that did not see the row.

    ``given`` are classes from 0 on, each of at least as many rows as there are folds. ``categories`` are the columns
    whose numbers are codes of categories, from 0 to 254; NaN is missing.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold

    trees = HistGradientBoostingClassifier(
        max_iter=60,
        max_leaf_nodes=15,
        min_samples_leaf=min(20, max(2, len(given) // 50)),
        l2_regularization=1.0,
        early_stopping=False,  # pyright: ignore[reportArgumentType] - typed by its default
        categorical_features=list(categories) or None,  # pyright: ignore[reportArgumentType] - as above
        random_state=_SEED,
    )
    chances = np.zeros((len(given), int(given.max()) + 1))
    for learned, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED).split(inputs, given):
        chances[asked] = trees.fit(learnable(inputs[learned]), given[learned]).predict_proba(inputs[asked])
    return chances


def balanced_share(chances: Floats, given: Codes) -> float:
    """Return how often the likeliest class is the given one, averaged over the classes."""
    right = chances.argmax(axis=1) == given
    return float(np.mean([right[given == j].mean() for j in range(chances.shape[1])]))

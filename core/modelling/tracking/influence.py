"""Which parameters go with a metric over many runs: what a forest loses when it no longer knows one.

Permutation importance (Breiman 2001, "Random forests", Machine Learning 45) on runs held out: five folds; in each a
forest is fitted to the other four, and the fall of its R2 on the fold when one parameter is shuffled is the
parameter's share. It tells what went together in these runs: nothing about what would happen where a parameter is set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.modelling.tracking.columns import Cell

FEWEST_RUNS, FEWEST_PER_PARAMETER = 30, 5
_FOLDS, _TREES, _LEAF, _SHUFFLES = 5, 60, 3, 5
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """What the forest knows: ``explained`` is R2 on held-out runs; ``falls`` its mean fall and deviation over folds.

    ``falls`` has the largest first.
    """

    runs: int
    explained: float
    falls: Mapping[str, tuple[float, float]]


def fewest_runs(parameters: int) -> int:
    """Return how many runs it takes to tell anything about so many parameters."""
    return max(FEWEST_RUNS, FEWEST_PER_PARAMETER * parameters)


def influence(parameters: Mapping[str, Sequence[Cell]], metric: Sequence[float | None]) -> Influence | None:
    """Return what each parameter says about a metric, or ``None`` of too few runs that logged a finite value.

    A parameter that a run did not log is a value of its own; one that is no number counts by its rank of first
    appearance, which a forest can part at will.
    """
    target = np.array([np.nan if value is None else value for value in metric], float)
    kept = np.isfinite(target)
    if not parameters or kept.sum() < fewest_runs(len(parameters)) or np.ptp(target[kept]) == 0:
        return None
    columns = np.column_stack([_numeric(cells) for cells in parameters.values()])[kept]
    explained, falls = _cross_validated(columns, target[kept])
    means, deviations = falls.mean(axis=0), falls.std(axis=0, ddof=1)
    found = {name: (float(means[k]), float(deviations[k])) for k, name in enumerate(parameters)}
    ranked = dict(sorted(found.items(), key=lambda item: -item[1][0]))
    return Influence(runs=int(kept.sum()), explained=explained, falls=ranked)


def _cross_validated(columns: NDArray[np.float64], target: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return R2 over all held-out runs, and the fall of it by fold and parameter."""
    from sklearn.ensemble import RandomForestRegressor

    chance = np.random.default_rng(_SEED)
    fold = chance.permutation(len(target)) % _FOLDS
    spread = float(((target - target.mean()) ** 2).mean())
    lost, falls = 0.0, np.zeros((_FOLDS, columns.shape[1]))
    for number in range(_FOLDS):
        held = fold == number
        forest = RandomForestRegressor(_TREES, min_samples_leaf=_LEAF, random_state=_SEED, n_jobs=1)
        forest.fit(columns[~held], target[~held])
        errors = (forest.predict(columns[held]) - target[held]) ** 2
        lost += float(errors.sum())
        for place in range(columns.shape[1]):
            shuffled = _shuffled(forest, columns[held], target[held], place, chance)
            falls[number, place] = (shuffled - errors.mean()) / spread
    return 1 - lost / (len(target) * spread), falls


def _shuffled(
    forest: Any,
    columns: NDArray[np.float64],
    target: NDArray[np.float64],
    place: int,
    chance: np.random.Generator,
) -> float:
    """Return the mean squared error when one column is shuffled, over several shuffles."""
    many = np.tile(columns, (_SHUFFLES, 1))
    many[:, place] = np.concatenate([chance.permutation(columns[:, place]) for _ in range(_SHUFFLES)])
    return float(((forest.predict(many) - np.tile(target, _SHUFFLES)) ** 2).mean())


def _numeric(cells: Sequence[Cell]) -> NDArray[np.float64]:
    try:
        numbers = np.array([np.nan if cell is None else float(cell) for cell in cells], float)
    except ValueError:
        ranks = {cell: rank for rank, cell in enumerate(dict.fromkeys(cells))}
        return np.array([ranks[cell] for cell in cells], float)
    finite = numbers[np.isfinite(numbers)]
    low = float(finite.min()) if finite.size else 0.0
    return np.nan_to_num(numbers, nan=low - 1, posinf=1e30, neginf=-1e30)

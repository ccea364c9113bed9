"""Looking for better parameters: settings drawn at random, judged before the hold-out and never on it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from core.errors import FullcircleError, InvalidInput
from core.modelling.comparison import SHARE_OF_ERRORS
from core.modelling.recipe import Recipe
from core.modelling.run import Search, Trial
from core.modelling.training import Fitted, fit
from core.scoping.project import Task
from core.statistics.blocks import Floats
from core.statistics.estimate import Estimate
from core.statistics.paired import of_folds

FOLDS = 3
MOST_TRIALS = 200
"""Settings that one search may try."""
_LEAST_PROBABILITY = 1e-6


def search(  # noqa: PLR0913 - what a search is made of
    rows: pl.DataFrame,
    task: Task,
    recipe: Recipe,
    budget: Search,
    *,
    classes: tuple[str, ...],
    fixed: Mapping[str, float],
    tell: Callable[[int], None] = lambda _: None,
) -> Search:
    """Return a search with the settings of ``recipe`` that it tried on training rows (of ``labelled_rows``).

    With time, each fold is judged on days after those that it was trained on; without, on rows drawn. The loss is the
    mean log loss, or the mean squared error. ``tell`` hears how many settings were tried before each.

    Raises
    ------
    InvalidInput
        No setting could be trained, or the budget allows none.
    """
    if not 1 <= budget.most <= MOST_TRIALS or not budget.seconds > 0:
        raise InvalidInput(f"A search tries 1 to {MOST_TRIALS} settings within a time. Give it both.")
    folds = list(nested(rows, timed=task.time is not None))
    until, trials = time.monotonic() + budget.seconds, list[Trial]()
    for number, own in enumerate(settings(recipe, budget)):
        if number and time.monotonic() >= until:
            break
        tell(number)
        trials.append(_tried(folds, task, recipe, {**own, **fixed}, classes))
    loss = "log loss" if classes else "mean squared error"
    tested = _tested(folds) if task.time is None and rows["block"].is_unique().all() else None
    found = replace(budget, trials=tuple(trials), folds=len(folds), loss=loss, tested=tested)
    if found.best is None:
        raise InvalidInput("No setting could be trained on the rows before the hold-out. Hold out fewer rows.")
    return found


def gain(search: Search) -> Estimate | None:
    """Return the loss of the best setting less that of the recipe's own, on the same folds.

    ``None`` where folds are no draws of independent rows, where the recipe's own is the best, or could not be trained.
    The best of many looks better than it is: the interval allows for all that it was the best of (Bonferroni).
    """
    best, own = search.best, search.trials[0] if search.trials else None
    if search.tested is None or best is None or own is None or best is own or not own.losses or not best.losses:
        return None
    beside = sum(trial.loss is not None for trial in search.trials) - 1
    level = 1 - SHARE_OF_ERRORS / beside
    found = of_folds(np.subtract(best.losses, own.losses), search.tested)
    folds = len(own.losses)
    return Estimate(value=found.value, interval=found.interval(level), level=level, n=folds, n_blocks=folds)


def settings(recipe: Recipe, budget: Search) -> Iterator[dict[str, float]]:
    """Give the recipe's own parameters, then drawn ones."""
    yield recipe.settle(None)
    rng = np.random.default_rng(budget.seed)
    if recipe.spans:
        for _ in range(budget.most - 1):
            yield recipe.settle({name: span.draw(rng) for name, span in recipe.spans.items()})


def nested(rows: pl.DataFrame, *, timed: bool) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give parts to train and to judge on; a block is never in both.

    With time the blocks are cut into one part more than there are folds, and each fold is judged on a later part with
    all before it to train on. Without, blocks are dealt out at random.

    Raises
    ------
    InvalidInput
        There are too few blocks.
    """
    names = rows["block"].unique(maintain_order=True)
    if names.len() <= FOLDS:
        unit = "days" if timed else "groups of rows"
        raise InvalidInput(f"{names.len()} {unit} before the hold-out are too few to search on. Hold out fewer rows.")
    order = np.arange(names.len()) if timed else np.random.default_rng(0).permutation(names.len())
    part = np.empty(names.len(), dtype=np.int64)
    part[order] = np.arange(names.len()) * (FOLDS + timed) // names.len()
    of = dict(zip(names.to_list(), part.tolist(), strict=True))
    placed = rows["block"].replace_strict(of, return_dtype=pl.Int64)
    for judged in range(int(timed), FOLDS + timed):
        yield rows.filter(placed < judged if timed else placed != judged), rows.filter(placed == judged)


def loss_of(fitted: Fitted, rows: pl.DataFrame) -> float:
    """Return the mean log loss of rows, or their mean squared error.

    A probability counts as at least one in a million, so that one certain mistake does not hide all else.
    """
    output = fitted.output(rows)
    if not fitted.classes:
        return float(np.mean((output.reshape(-1) - rows["label"].to_numpy()) ** 2))
    return float(-np.log(np.clip(_given(output, fitted, rows["label"]), _LEAST_PROBABILITY, 1.0)).mean())


def _given(output: Floats, fitted: Fitted, label: pl.Series) -> Floats:
    """Return the probability that each row's own class was given; 0 for a class that training did not have."""
    if fitted.cut is not None:
        places = label.cast(pl.Int64).to_numpy()
    else:
        index = {name: place for place, name in enumerate(fitted.classes)}
        places = np.array([index.get(name, -1) for name in label.to_list()])
    return np.where(places >= 0, output[np.arange(len(places)), np.maximum(places, 0)], 0.0)


def _tried(
    folds: Sequence[tuple[pl.DataFrame, pl.DataFrame]],
    task: Task,
    recipe: Recipe,
    parameters: Mapping[str, float],
    classes: tuple[str, ...],
) -> Trial:
    started = time.perf_counter()
    try:
        losses = [
            loss_of(fit(train, recipe, inputs=task.inputs, classes=classes, parameters=parameters), judged)
            for train, judged in folds
        ]
    except FullcircleError:
        losses = []
    loss = float(np.mean(losses)) if losses else None
    seconds = time.perf_counter() - started
    return Trial(parameters=parameters, loss=loss, seconds=seconds, losses=tuple(losses))


def _tested(folds: Sequence[tuple[pl.DataFrame, pl.DataFrame]]) -> float:
    """Return how many rows a fold judges for each that it was trained on."""
    return float(np.mean([judged.height / train.height for train, judged in folds]))

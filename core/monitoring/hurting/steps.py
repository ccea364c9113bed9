"""A metric step by step from the reference to now, exact and with the blocks of both sides drawn again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.monitoring.hurting.grouped import Bools, Grouped
from core.monitoring.hurting.masses import MOVED_BY_CLASS_SHARES, Masses, weighed
from core.statistics.blocks import Floats, bootstrap_weights, fixed_generator
from core.statistics.intervals import resampling_level

REPEATS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What the reference says of rows like the window's (rows x classes each).

    ``ahead`` are the expected outcomes of the current rows within training, ``missed`` what the same model missed of
    the reference's rows, times their ``weights``.
    """

    ahead: Floats
    missed: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The metric at every step: exact ``values``, and how each varies (steps x repeats) when blocks are drawn again."""

    values: Floats
    drawn: Floats
    level: float


def course(
    metric: str, exact: tuple[Grouped, Grouped], coarse: tuple[Grouped, Grouped], within: Bools, learned: Learned | None
) -> Course:
    """Return the metric on the reference, on the current rows ``within`` training, and on all of them.

    With what is ``learned`` two steps come after the first: the reference with the window's inputs, and with its shares
    of classes too. ``coarse`` has like scores as one: that shifts a step a little and not how it varies.
    """
    whole = _steps(metric, (exact[0].as_one_unit(), exact[1].as_one_unit()), within, learned)
    by_unit = _steps(metric, coarse, within, learned)
    one = np.ones((1, 1))
    values = whole(one, one)
    rng, units = fixed_generator(), [side.blocks.n_units for side in coarse]
    first, second = (bootstrap_weights(n, REPEATS, rng) for n in units)
    drawn = by_unit(first, second) - by_unit(np.ones((1, units[0])), np.ones((1, units[1]))) + values
    fewest = min(int(np.unique(side.blocks.codes).size) for side in coarse)
    return Course(values=values[:, 0], drawn=drawn, level=resampling_level(fewest))


def _steps(
    metric: str, sides: tuple[Grouped, Grouped], within: Bools, learned: Learned | None
) -> Callable[[Floats, Floats], Floats]:
    known, rows = sides
    inside = rows.of(within)
    then, now, now_inside = known.masses(known.outcomes), rows.masses(rows.outcomes), inside.masses(inside.outcomes)
    moved = _moved(known, inside, learned) if learned else None

    def values(first: Floats, second: Floats) -> Floats:
        reached = now_inside.drawn(second)
        steps = [then.drawn(first)]
        if moved:
            inputs = moved(first, second)
            steps += [inputs, _with_classes_of(inputs, reached) if metric in MOVED_BY_CLASS_SHARES else inputs]
        return np.stack([weighed(metric, step) for step in (*steps, reached, now.drawn(second))])

    return values


def _moved(known: Grouped, inside: Grouped, learned: Learned) -> Callable[[Floats, Floats], Masses]:
    """Return the reference with the inputs of the window: as its model expects, corrected by what that missed."""
    ahead, missed = inside.masses(learned.ahead), known.masses(learned.missed)
    rows, weights = inside.blocks.sums(np.ones(len(inside.scores))), known.blocks.sums(learned.weights)
    return lambda first, second: ahead.drawn(second).over(second @ rows).plus(missed.drawn(first).over(first @ weights))


def _with_classes_of(moved: Masses, now: Masses) -> Masses:
    before = moved.shares
    return moved.times(np.where(before > 1e-9, now.shares / np.maximum(before, 1e-9), 0.0))

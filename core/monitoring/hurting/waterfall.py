"""Why did the metric change: the part of other inputs, of other class shares, and what neither explains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import polars as pl

from core.metrics import METRICS
from core.modelling.run import Feature
from core.modelling.slices.sides import plain_rows
from core.monitoring.estimated.overlap import Overlap, overlap
from core.monitoring.estimated.support import as_numbers, beyond_training, too_few
from core.monitoring.hurting.expected_outcome import expected_outcomes
from core.monitoring.hurting.grouped import Bools, grouped, texts
from core.monitoring.hurting.masses import MOVED_BY_CLASS_SHARES, WEIGHED
from core.monitoring.hurting.steps import Learned, course
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.blocks import MIN_BLOCKS, Floats
from core.statistics.estimate import Interval
from core.statistics.intervals import percentile_interval

ALIKE = 0.55
"""Sides that are told apart in no more pairs than this are alike: weights would only add noise."""

LARGEST_WEIGHT = 20.0
"""No row of the reference counts for more rows than this."""


class Moved(StrEnum):
    """What a part of a metric's change is owed to."""

    INPUTS = "inputs"
    CLASS_SHARES = "class_shares"
    REMAINDER = "remainder"
    TOGETHER = "together"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the change with its 95 % interval (``None`` where too few repeats could be computed)."""

    moved: Moved
    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """A metric's change from ``then`` (the reference) to ``now``: ``parts`` add up to it.

    ``n_beyond`` of the ``n_current`` rows have an input that training never saw. ``told_apart`` is in how many pairs a
    classifier tells another row of the window from one of the reference (0-1); ``n_effective`` how many of the
    ``n_reference`` rows the weighted ones are worth. ``reason`` says why the first three parts could not be told from
    one another: they are then one, or, where nothing at all could be said, there are no parts.
    """

    then: float = float("nan")
    now: float = float("nan")
    interval: Interval | None = None
    parts: tuple[Part, ...] = ()
    told_apart: float = 0.5
    n_effective: float = 0.0
    n_reference: int = 0
    n_current: int = 0
    n_beyond: int = 0
    reason: str = ""

    @property
    def change(self) -> float:
        """Return how much the metric changed."""
        return self.now - self.then


def why_it_changed(
    criterion: Criterion, reference: pl.DataFrame, current: pl.DataFrame, features: Sequence[Feature], kind: TaskKind
) -> Waterfall:
    """Part the change of a criterion's metric from ``reference`` to ``current``.

    Parameters
    ----------
    reference, current
        Rows with the inputs, ``label``, ``score``, ``predicted`` and ``block``; without a label they do not count.

    Notes
    -----
    **Beyond training**: the metric on all current rows minus that on the rows whose every input training has seen; of
    the others no reference row tells anything. The other parts are about the rows within (the shared support: Cai,
    Namkoong and Yadlowsky 2023).

    **Inputs**: the metric if the reference's rows came as often as their like comes now; what inputs lead to is held
    fixed. Doubly robust (Robins, Rotnitzky and Zhao 1994): a model of the outcome, learned on the reference, speaks for
    the current rows, and reference rows, weighted by the density ratio of a cross-fitted classifier, correct what it
    misses. **Class shares**: the same rows, each class weighted to its current share; how inputs and scores lie within
    a class is held fixed. **Remainder**: what is left; the same inputs and class shares led to something else.

    Intervals redraw the blocks of both sides; the weights and the model stay as they were learned.
    """
    known, rows = (criterion.slice.select(plain_rows(side, features)) for side in (reference, current))
    if criterion.metric not in WEIGHED:
        return Waterfall(reason=f"{METRICS[criterion.metric].title} cannot be parted: no formula weighs its rows.")
    within = ~beyond_training(rows, features)
    found = Waterfall(n_reference=known.height, n_current=rows.height, n_beyond=int((~within).sum()))
    inside = rows.filter(pl.Series(within))
    reason = too_few(known, inside, kind) or _too_few_blocks(inside)
    if reason:
        return replace(found, reason=_hardly_within(found) or reason)
    sides = _Sides(criterion=criterion, known=known, rows=rows, within=within, kind=kind)
    values = [as_numbers(side, features) for side in (known, inside)]
    told = overlap(values[0], values[1], texts(known["block"]), texts(inside["block"]))
    found = replace(found, told_apart=told.auc, reason=told.refusal)
    if told.refusal:
        return _parted(found, sides, None) if found.n_beyond else found
    weighed = Overlap(auc=told.auc, weights=_weights(told))
    return _parted(replace(found, n_effective=weighed.n_effective), sides, _learned(sides, values, weighed.weights))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    criterion: Criterion
    known: pl.DataFrame
    rows: pl.DataFrame
    within: Bools
    kind: TaskKind


def _learned(sides: _Sides, values: Sequence[Floats], weights: Floats) -> Learned:
    first, second = grouped(sides.criterion, (sides.known, sides.rows), sides.kind, exact=True)
    scores = first.scores, second.scores[sides.within]
    inputs = [np.column_stack(pair) for pair in zip(values, scores, strict=True)]
    classes = sides.kind is not TaskKind.REGRESSION
    held_out, ahead = expected_outcomes(inputs[0], first.outcomes, first.blocks.codes, inputs[1], classes=classes)
    return Learned(ahead=ahead, missed=weights[:, None] * (first.outcomes - held_out), weights=weights)


def _parted(found: Waterfall, sides: _Sides, learned: Learned | None) -> Waterfall:
    metric, tables = sides.criterion.metric, (sides.known, sides.rows)
    exact, coarse = (grouped(sides.criterion, tables, sides.kind, exact=exact) for exact in (True, False))
    steps = course(metric, exact, coarse, sides.within, learned)
    inner = [Moved.INPUTS, Moved.CLASS_SHARES, Moved.REMAINDER] if learned else [Moved.TOGETHER]
    left_out = set[Moved]() if metric in MOVED_BY_CLASS_SHARES else {Moved.CLASS_SHARES}
    left_out |= set[Moved]() if found.n_beyond else {Moved.BEYOND}
    parts = [
        Part(
            moved=moved,
            value=float(steps.values[place + 1] - steps.values[place]),
            interval=percentile_interval(steps.drawn[place + 1] - steps.drawn[place], level=steps.level),
        )
        for place, moved in enumerate([*inner, Moved.BEYOND])
        if moved not in left_out
    ]
    return replace(
        found,
        then=float(steps.values[0]),
        now=float(steps.values[-1]),
        interval=percentile_interval(steps.drawn[-1] - steps.drawn[0], level=steps.level),
        parts=tuple(parts),
    )


def _hardly_within(found: Waterfall) -> str:
    inside = found.n_current - found.n_beyond
    if inside >= found.n_beyond:
        return ""
    return (
        f"only {inside:,} of the window's {found.n_current:,} rows have nothing but inputs that training saw; "
        "of the others no hold-out row tells how they turn out."
    )


def _too_few_blocks(rows: pl.DataFrame) -> str:
    blocks = rows["block"].n_unique()
    return "" if blocks >= MIN_BLOCKS else f"the window has {blocks} blocks; intervals take at least {MIN_BLOCKS}."


def _weights(told: Overlap) -> Floats:
    if told.auc <= ALIKE:
        return np.ones_like(told.weights)
    clipped = np.minimum(told.weights, LARGEST_WEIGHT)
    return clipped / clipped.mean()

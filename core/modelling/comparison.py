"""Which of two runs is better, and is the difference real: paired on the rows that both held out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import polars as pl

from core.errors import InvalidInput
from core.frames.slice import ALL_ROWS, Slice
from core.metrics import measure, metric_named, pair
from core.metrics.paired_test import Pair
from core.metrics.paired_tests import fitting_test
from core.modelling.evaluation import outcomes
from core.modelling.run import Evaluation
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.estimate import Estimate

SHARE_OF_ERRORS = 0.05
"""How often a difference may be shown, in all that are looked at together, where there is none."""


class Word(StrEnum):
    """What the difference of two runs says of the right one."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What two runs are compared by."""

    metric: str
    parameters: Mapping[str, float] = field(default_factory=dict[str, float])
    slice: Slice = ALL_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The right run less the left one on the same rows.

    ``could_show`` is half the width of the interval: a smaller difference could not have been told from none. ``test``
    names the entry of the catalogue of paired tests, ``looked`` how many comparisons the interval allows for, and
    ``same`` tells whether both say the same of every row, as far as the metric reads it.
    """

    yardstick: Yardstick
    left: Estimate
    right: Estimate
    difference: Estimate
    word: Word
    could_show: float | None
    test: str = "bootstrap"
    looked: int = 1
    same: bool = False


def compare_runs(
    left: pl.DataFrame, right: pl.DataFrame, yardstick: Yardstick, *, kind: TaskKind, looked: int = 1
) -> Comparison | None:
    """Compare the hold-out rows of two runs; ``None`` where there is nothing to measure.

    Only rows that both runs held out are compared; where one run has a better interval of its own, this says whether
    it is better on the same rows, by the test that the design asks for (``core.metrics.paired_tests``). Where a run is
    ``looked`` at beside that many others, all their intervals hold at once in 95 of 100 repetitions (Bonferroni).

    Raises
    ------
    InvalidInput
        The runs share no hold-out row, or the slice names a column that they lack.
    """
    both = shared_rows(yardstick.slice.select(left), yardstick.slice.select(right))
    first, second = (outcomes(rows, kind) for rows in both)
    name, parameters = yardstick.metric, yardstick.parameters
    estimates = measure(name, parameters, first), measure(name, parameters, second)
    both_said = pair(name, parameters, first, second, level=1 - SHARE_OF_ERRORS / looked)
    test = fitting_test(both_said)
    found = test.difference(both_said)
    if found is None or estimates[0] is None or estimates[1] is None:
        return None
    width = found.interval
    return Comparison(
        yardstick=yardstick,
        left=estimates[0],
        right=estimates[1],
        difference=found,
        word=word_of(name, estimates[0], estimates[1], found),
        could_show=(width.upper - width.lower) / 2 if width else None,
        test=test.name,
        looked=looked,
        same=_same(both_said),
    )


def differences(
    criteria: Sequence[Criterion], left: pl.DataFrame, right: pl.DataFrame, *, kind: TaskKind
) -> tuple[Evaluation, ...]:
    """Return the right figure less the left one for each criterion that labels answer, paired on the same rows.

    Raises
    ------
    InvalidInput
        The two share no row, or a slice names a column that they lack.
    """
    found: list[Evaluation] = []
    for criterion in criteria:
        yardstick = Yardstick(metric=criterion.metric, parameters=criterion.parameters, slice=criterion.slice)
        by_labels = metric_named(criterion.metric).needs == "labels"
        compared = compare_runs(left, right, yardstick, kind=kind) if by_labels else None
        if compared is not None:
            found.append(
                Evaluation(
                    metric=criterion.metric,
                    parameters=criterion.parameters,
                    slice=criterion.slice,
                    criterion_id=criterion.id,
                    estimate=compared.difference,
                )
            )
    return tuple(found)


def shared_rows(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that both tables hold, in the same order; a row is its entity, its time and its turn.

    Raises
    ------
    InvalidInput
        There is no such row.
    """
    key = ["entity_id", "event_time", "turn"]
    turn = pl.int_range(pl.len()).over("entity_id", "event_time").alias("turn")
    first, second = left.with_columns(turn).sort(key), right.with_columns(turn).sort(key)
    both = (
        first.join(second, on=key, how="semi", nulls_equal=True).drop("turn"),
        second.join(first, on=key, how="semi", nulls_equal=True).drop("turn"),
    )
    if both[0].is_empty():
        raise InvalidInput("The two runs held out different rows; train one of them again with the same hold-out.")
    if not both[0]["label"].equals(both[1]["label"], null_equal=True):
        raise InvalidInput("The two runs hold different labels for the same rows; train the older one again.")
    return both


def _same(found: Pair) -> bool:
    """Tell whether both decide alike on every row: by the cut, by the class named, or else by the very score."""
    left, right = found.left, found.right
    if left.score is None or right.score is None:
        return False
    if "cut" in found.parameters:
        return np.array_equal(left.score > found.parameters["cut"], right.score > found.parameters["cut"])
    if "multiclass" in found.metric.task_kinds and left.predicted is not None and right.predicted is not None:
        return np.array_equal(left.predicted, right.predicted)
    return np.array_equal(left.score, right.score, equal_nan=True)


def word_of(metric: str, left: Estimate, right: Estimate, found: Estimate) -> Word:
    """Return what a difference, right less left, says of the right one; no difference where its interval holds 0."""
    greater_is_better = metric_named(metric).greater_is_better
    if found.interval is None or found.interval.contains(0.0):
        return Word.NO_DIFFERENCE
    # where the best value is zero from either side, nearer to it is better
    better = abs(right.value) < abs(left.value) if greater_is_better is None else (found.value > 0) is greater_is_better
    return Word.BETTER if better else Word.WORSE

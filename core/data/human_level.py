"""The human level: how well one annotator does what a model shall do, against the others or against the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.data.annotations import Annotations
from core.metrics import METRICS, Outcomes, measure
from core.scoping.project import TaskKind
from core.statistics.blocks import Codes
from core.statistics.estimate import Estimate

Against = Literal["consensus", "truth"]

_EACH = 20  # more annotators than this are only shown together
_METRICS: Mapping[TaskKind, tuple[str, ...]] = {
    TaskKind.BINARY: ("recall", "precision", "correct_share"),
    TaskKind.MULTICLASS: ("correct_share", "macro_recall"),
    TaskKind.REGRESSION: ("mae",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanLevel:
    """What one annotator reaches in a metric; ``annotator`` is ``None`` for all of them together."""

    metric: str
    estimate: Estimate
    annotator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanLevels:
    """The levels, what they were measured against, and why there are none."""

    levels: tuple[HumanLevel, ...] = ()
    against: Against = "consensus"
    note: str = ""


def human_level(given: Annotations, kind: TaskKind, positive: str | None = None) -> HumanLevels:
    """Measure annotators, together and each, in the metrics that labels alone tell.

    Against the truth where the file has it; else each annotator against what most of the *others* say (the median of
    their numbers), items without a majority left out. ``positive`` is the label that a yes-or-no task looks for.
    """
    against: Against = "truth" if given.truth is not None and bool((given.truth >= 0).any()) else "consensus"
    if kind is TaskKind.REGRESSION and not given.numbers:
        return _none(against, "The project predicts a number and these labels are none")
    if kind is TaskKind.BINARY and positive not in given.labels:
        return _none(against, f"No label is “{positive}”, which the project looks for")
    rights = [_right(given, who, against, kind) for who in range(len(given.annotators))]
    everyone = list(range(len(given.annotators)))
    groups = [everyone, *([who] for who in everyone if len(everyone) <= _EACH)]
    levels = [_level(given, rights, who, metric, positive) for who in groups for metric in _METRICS[kind]]
    return HumanLevels(levels=tuple(level for level in levels if level is not None), against=against)


def _none(against: Against, why: str) -> HumanLevels:
    return HumanLevels(against=against, note=f"{why}: there is no human level.")


def _right(given: Annotations, who: int, against: Against, kind: TaskKind) -> NDArray[np.float64]:
    """Return what one annotator's labels are held against, as places of labels or as numbers; NaN where unknown."""
    if against == "truth":
        assert given.truth is not None
        codes = given.truth.astype(np.float64)
        right = np.where(codes >= 0, codes, np.nan)
        return _number(given, right) if kind is TaskKind.REGRESSION else right
    others = np.delete(given.ratings.codes, who, axis=1)
    return _median(given, others) if kind is TaskKind.REGRESSION else _majority(others, given.ratings.labels)


def _number(given: Annotations, codes: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(codes)
    return np.where(known, given.ratings.numbers[np.where(known, codes, 0).astype(np.intp)], np.nan)


def _median(given: Annotations, others: Codes) -> NDArray[np.float64]:
    values = np.ma.masked_array(given.ratings.numbers[np.maximum(others, 0)], mask=others < 0)
    return np.ma.filled(np.ma.median(values, axis=1).astype(np.float64), np.nan)


def _majority(others: Codes, labels: int) -> NDArray[np.float64]:
    """Return the label that most of the others gave; NaN where two are as common, or nobody gave any."""
    counts = np.zeros((len(others), labels), dtype=np.int32)
    for codes in others.T:
        known = np.flatnonzero(codes >= 0)
        counts[known, codes[known]] += 1
    best = counts.max(axis=1)
    sure = (best > 0) & ((counts == best[:, None]).sum(axis=1) == 1)
    return np.where(sure, counts.argmax(axis=1), np.nan)


def _level(
    given: Annotations, rights: list[NDArray[np.float64]], who: list[int], metric: str, positive: str | None
) -> HumanLevel | None:
    """Measure annotators against what is right, with items resampled; one item stays one block for all of them."""
    right = np.concatenate([rights[a] for a in who])
    codes = np.concatenate([given.ratings.codes[:, a] for a in who])
    items = np.tile(np.arange(len(given.items)), len(who))
    known = (codes >= 0) & np.isfinite(right)
    if not known.any():
        return None
    outcomes = _outcomes(given, items[known], right[known], codes[known], metric, positive)
    estimate = measure(metric, {}, outcomes)
    if estimate is None:
        return None
    return HumanLevel(metric=metric, estimate=estimate, annotator=given.annotators[who[0]] if len(who) == 1 else None)


def _outcomes(  # noqa: PLR0913
    given: Annotations,
    items: Codes,
    right: NDArray[np.float64],
    codes: Codes,
    metric: str,
    positive: str | None,
) -> Outcomes:
    if metric == "mae":
        return Outcomes(blocks=items, label=right, score=given.ratings.numbers[codes])
    if METRICS[metric].task_kinds == ("binary",):
        yes = given.labels.index(str(positive))
        return Outcomes(blocks=items, label=(right == yes).astype(np.float64), score=(codes == yes).astype(np.float64))
    names: NDArray[Any] = np.array(given.labels, dtype=object)
    return Outcomes(blocks=items, label=names[right.astype(np.intp)], predicted=names[codes])

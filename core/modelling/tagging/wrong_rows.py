"""Which rows of a hold-out are wrong, which of them are drawn, and what each costs a criterion's metric."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.frames.slice import Slice
from core.metrics import METRICS
from core.modelling.slices.sides import measured_as, row_values
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.blocks import Floats, fixed_generator

AT_ONCE = 20
LARGEST_SHARE = 0.1
"""Of numbers, the tenth of the rows with the largest absolute error counts as wrong."""

_STANDS_FOR = {TaskKind.BINARY: "accuracy", TaskKind.MULTICLASS: "correct_share", TaskKind.REGRESSION: "mae"}
_ADDS_UP = ("recall", "precision", "specificity", "accuracy", "correct_share", "mae")
"""What a metric misses is the sum of what its rows miss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What each row takes from a metric (a share from 1, an absolute error from 0): one value a row."""

    metric: str
    value: float
    of_rows: Floats


def known_rows(holdout: pl.DataFrame) -> NDArray[np.bool_]:
    """Return which rows have a label and a score."""
    known = pl.col("label").is_not_null() & pl.col("score").cast(pl.Float64).is_finite()
    return holdout.select(known.fill_null(value=False)).to_series().to_numpy()


def wrong_rows(holdout: pl.DataFrame, kind: TaskKind, cut: float) -> NDArray[np.bool_]:
    """Return which rows of a hold-out are wrong.

    Missed and falsely flagged ones at the ``cut`` of a yes-or-no task, another class than was said, or the tenth of
    numbers with the largest absolute error.
    """
    known = known_rows(holdout)
    if kind is TaskKind.MULTICLASS:
        same = pl.col("label").cast(pl.String) == pl.col("predicted").cast(pl.String)
        return known & ~holdout.select(same.fill_null(value=False)).to_series().to_numpy()
    label, score = (holdout[name].cast(pl.Float64).to_numpy() for name in ("label", "score"))
    if kind is TaskKind.BINARY:
        return known & ((score > cut) != (label == 1))
    off = np.where(known, np.abs(score - label), -1.0)
    most = int(np.ceil(LARGEST_SHARE * known.sum()))
    wrong = np.zeros(holdout.height, dtype=np.bool_)
    wrong[np.argsort(-off, kind="stable")[:most]] = True
    return wrong & (off > 0)


def drawn_rows(wrong: NDArray[np.bool_], number: int) -> tuple[int, ...]:
    """Draw so many wrong rows at random without replacement; the first of a larger draw are those of a smaller one."""
    return tuple(int(row) for row in fixed_generator().permutation(np.flatnonzero(wrong))[:number])


def costs(criterion: Criterion, holdout: pl.DataFrame, kind: TaskKind, cut: float) -> Costs:
    """Return what each row takes from a criterion's metric, or from one that stands for it.

    A metric stands for another where that is no sum over rows (AUC), or is judged at another cut than errors were told
    by: the share of right answers, or the mean absolute error.
    """
    own = float(criterion.parameters.get("cut", cut))
    metric = measured_as(criterion)
    if metric not in _ADDS_UP or own != cut or metric != criterion.metric:
        metric = _STANDS_FOR[kind]
    judged = replace(criterion, metric=metric, parameters={"cut": cut})
    values, counted = row_values(judged, holdout, kind)
    missing = 1 - values if METRICS[metric].greater_is_better else values
    counted = counted & known_rows(holdout) & _inside(criterion.slice, holdout)
    of_rows = np.where(counted, missing, 0.0) / max(int(counted.sum()), 1)
    missed = float(of_rows.sum())
    return Costs(metric=metric, value=1 - missed if METRICS[metric].greater_is_better else missed, of_rows=of_rows)


def _inside(inside: Slice, holdout: pl.DataFrame) -> NDArray[np.bool_]:
    if not inside.conditions:
        return np.ones(holdout.height, dtype=np.bool_)
    return holdout.select(inside.expression().alias("in")).to_series().to_numpy()

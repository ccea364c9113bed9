"""The two sets of labelled rows that are compared, and what each row brings to a criterion's metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_texts
from core.frames.slice import Slice
from core.metrics import METRICS
from core.metrics.log_loss import SUREST
from core.modelling.run import Feature
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.blocks import Blocks, Floats, code_blocks, fixed_generator

ROWS = 100_000
"""At most so many rows of a side are read; more are drawn from."""

LOG_LOSS = "log_loss"
_MEANS = frozenset(
    {"recall", "precision", "specificity", "accuracy", "share_gap", "brier", LOG_LOSS, "correct_share", "mae", "bias"}
)
"""Metrics that are a mean over rows."""

_STAND_FOR: Mapping[str, str] = {"binary": LOG_LOSS, "multiclass": "correct_share", "regression": "mae"}
"""What stands for a metric that is no mean over rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Rows of which the metric is the mean of ``values``: of recall, those that turned out positive.

    ``frame`` has the inputs; ``extremes`` are two values as far apart as rows usually are (0 and 1 of a share).
    """

    frame: pl.DataFrame
    values: Floats
    blocks: Blocks
    extremes: tuple[float, float]


def plain_rows(rows: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Return labelled rows with their inputs as a slice compares them: numbers without NaN, categories as text."""
    known = rows.filter(pl.col("label").is_not_null() & pl.col("score").cast(pl.Float64).is_finite())
    if known.height > ROWS:
        known = known[np.sort(fixed_generator().choice(known.height, ROWS, replace=False)).tolist()]
    return plain_columns(known, features)


def plain_columns(rows: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Return rows with their inputs as a slice compares them: numbers without NaN, categories as text."""
    here = [feature for feature in features if feature.name in rows.columns]
    return rows.with_columns(_plain(rows[feature.name], feature).alias(feature.name) for feature in here)


def _plain(values: pl.Series, feature: Feature) -> pl.Series:
    if feature.kind == "number":
        return values.cast(pl.Float64, strict=False).fill_nan(None)
    return label_texts(values)


def measured_as(criterion: Criterion) -> str:
    """Return the metric whose mean over rows stands for a criterion's: itself, unless it is no mean over rows."""
    if criterion.metric in _MEANS:
        return criterion.metric
    return _STAND_FOR[METRICS[criterion.metric].task_kinds[0]]


def brought(criterion: Criterion, rows: pl.DataFrame, kind: TaskKind) -> Brought:
    """Return what each row brings to the criterion's metric (or to what stands for it), of the rows that count in it.

    ``rows`` come from ``plain_rows``; those outside the criterion's slice are left out.
    """
    inside = criterion.slice.select(rows)
    values, counted = row_values(criterion, inside, kind)
    frame = inside.filter(pl.Series(counted))
    kept = values[counted]
    return Brought(
        frame=frame,
        values=kept,
        blocks=code_blocks(np.array(frame["block"].cast(pl.String).to_list(), dtype=object)),
        extremes=_extremes(kept),
    )


def worse(criterion: Criterion, now: Floats) -> int:
    """Return +1 where a larger value of ``measured_as`` is worse, -1 where a smaller one is.

    What is best at zero gets worse in the direction in which it now lies.
    """
    metric = METRICS.get(measured_as(criterion))
    better = metric.greater_is_better if metric else False
    if better is None:
        return 1 if now.size == 0 or float(now.mean()) >= 0 else -1
    return -1 if better else 1


def worst_first(
    criterion: Criterion, rows: pl.DataFrame, features: Sequence[Feature], kind: TaskKind, inside: Slice
) -> pl.DataFrame:
    """Return the rows of a slice that the criterion's metric is measured on, the worst first.

    What happened and what was said stand first, then the slice's own columns, then the other inputs.
    """
    side = brought(criterion, plain_rows(rows, features), kind)
    badness = worse(criterion, side.values) * side.values
    ordered = inside.select(side.frame[np.argsort(-badness, kind="stable").tolist()])
    first = ["entity_id", "event_time", "label", "predicted", "score"]
    named = [*first, *(condition.column for condition in inside.conditions), *(feature.name for feature in features)]
    return ordered.select([name for name in dict.fromkeys(named) if name in ordered.columns])


def row_values(criterion: Criterion, rows: pl.DataFrame, kind: TaskKind) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what each row brings to the criterion's metric (or to what stands for it), and which rows count in it."""
    every = np.ones(rows.height, dtype=np.bool_)
    if kind is TaskKind.MULTICLASS:
        right = rows.select(right=pl.col("label").cast(pl.String) == pl.col("predicted").cast(pl.String))["right"]
        return right.fill_null(value=False).to_numpy().astype(np.float64), every
    label, score = (rows[name].cast(pl.Float64).to_numpy() for name in ("label", "score"))
    if kind is TaskKind.REGRESSION:
        return (score - label if criterion.metric == "bias" else np.abs(score - label)), every
    return _yes_or_no(measured_as(criterion), label, score, float(criterion.parameters.get("cut", 0.5)))


def _yes_or_no(metric: str, label: Floats, score: Floats, cut: float) -> tuple[Floats, NDArray[np.bool_]]:
    every, flagged = np.ones(len(label), dtype=np.bool_), score > cut
    match metric:
        case "recall":
            return flagged.astype(np.float64), label == 1
        case "precision":
            return label, flagged
        case "specificity":
            return (~flagged).astype(np.float64), label == 0
        case "accuracy":
            return (flagged == (label == 1)).astype(np.float64), every
        case "brier":
            return np.square(score - label), every
        case "share_gap":
            return score - label, every
        case _:
            sure = np.clip(np.where(label == 1, score, 1 - score), SUREST, 1)
            return -np.log(sure), every


def _extremes(values: Floats) -> tuple[float, float]:
    if values.size == 0 or np.isin(values, (0.0, 1.0)).all():
        return 0.0, 1.0
    mean, spread = float(values.mean()), float(values.std())
    return mean - spread, mean + spread

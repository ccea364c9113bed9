"""What a model measured on rows whose label is known, criterion by criterion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.metrics import METRICS, measure
from core.metrics.metric import Outcomes
from core.modelling.run import Evaluation, Feature
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind


def outcomes(frame: pl.DataFrame, kind: TaskKind, features: Sequence[Feature] = ()) -> Outcomes:
    """Return the rows of ``frame`` (``label, score, predicted, block``) as metrics read them.

    With ``features``, rows are also compared with the training range of each numeric input that the table has.
    """
    numeric = kind is not TaskKind.MULTICLASS
    label = frame["label"].cast(pl.Float64).to_numpy() if numeric else _texts(frame["label"])
    return Outcomes(
        blocks=_texts(frame["block"]),
        label=label,
        score=frame["score"].cast(pl.Float64).to_numpy(),
        predicted=_texts(frame["predicted"]) if "predicted" in frame.columns else None,
        outside=outside_range(frame, features) if features else None,
        columns=frame,
    )


def outside_range(frame: pl.DataFrame, features: Sequence[Feature]) -> dict[str, NDArray[np.bool_]]:
    """Return for each numeric input which rows lie outside the training range; a gap lies nowhere."""
    found: dict[str, NDArray[np.bool_]] = {}
    for feature in features:
        if feature.lower is None or feature.upper is None or feature.name not in frame.columns:
            continue
        values = frame[feature.name].cast(pl.Float64, strict=False).to_numpy()
        found[feature.name] = (values < feature.lower) | (values > feature.upper)
    return found


def evaluate(
    frame: pl.DataFrame,
    criteria: Sequence[Criterion],
    *,
    kind: TaskKind,
    as_of: datetime | None = None,
    features: Sequence[Feature] = (),
) -> tuple[Evaluation, ...]:
    """Measure every criterion that rows can answer; one that cannot be measured here has no evaluation.

    Latency is not measured on rows, ranges only where ``features`` say what training saw, and a slice without rows
    (or without a positive label) measures nothing.

    Raises
    ------
    InvalidInput
        A slice names a column that the table lacks, or a metric has no such parameter.
    """
    found = (evaluation(frame, c, kind=kind, as_of=as_of, features=features) for c in criteria)
    return tuple(e for e in found if e is not None)


def evaluation(
    frame: pl.DataFrame,
    criterion: Criterion,
    *,
    kind: TaskKind,
    as_of: datetime | None = None,
    features: Sequence[Feature] = (),
) -> Evaluation | None:
    """Measure one criterion, or return ``None`` where there is nothing to measure.

    Raises
    ------
    InvalidInput
        The slice names a column that the table lacks, or the metric has no such parameter.
    """
    metric = METRICS.get(criterion.metric)
    if metric is None or kind not in metric.task_kinds or not _answerable(metric.needs, features):
        return None
    rows = criterion.slice.select(frame)
    if rows.is_empty():
        return None
    estimate = measure(criterion.metric, criterion.parameters, outcomes(rows, kind, features), as_of=as_of)
    if estimate is None:
        return None
    return Evaluation(
        metric=criterion.metric,
        parameters=criterion.parameters,
        slice=criterion.slice,
        criterion_id=criterion.id,
        estimate=estimate,
    )


def _answerable(needs: str, features: Sequence[Feature]) -> bool:
    return needs == "labels" or (needs == "inputs" and bool(features))


def _texts(values: pl.Series) -> NDArray[Any]:
    return np.array(values.cast(pl.String).to_list(), dtype=object)

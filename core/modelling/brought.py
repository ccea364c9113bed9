"""A model that training code made elsewhere, as what training here leaves behind: the gate judges both alike.

What is judged is what would be served: the ONNX file scores the rows that the code held out. That it is the model
which the code measured is held against the predictions that were logged.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_text, label_texts
from core.errors import InvalidInput
from core.modelling.importance import permutation_importance
from core.modelling.onnx_foreign import served_form
from core.modelling.onnx_model import OnnxModel, decide
from core.modelling.preparation import feature_of, input_columns
from core.modelling.run import Feature, LeftOut
from core.modelling.tracking.predictions import FILE
from core.modelling.training import TrainedModel
from core.scoping.project import Task, TaskKind

ALIKE = 1e-4
"""Scores that differ by less are the same: a probability, or a value as a share of the largest one.

Training code reckons in float64 and the served file in float32, which repeats a linear model to about 1e-6.
"""
MOST_UNLIKE = 0.05
"""The share of rows whose score may differ by more: rounding sends single rows to the other side of a tree's split."""
_SIGNS = frozenset({"0", "1", "False", "True", "-1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Labelled rows of a dataset, as ``labelled_rows`` gives them, parted by what training code says it held out.

    ``predicted`` has ``score`` and perhaps ``predicted`` too: what the code logged of the row.
    ``left_out`` counts what was predicted beside them.
    """

    train: pl.DataFrame
    predicted: pl.DataFrame
    left_out: LeftOut | None = None

    @property
    def from_time(self) -> datetime | None:
        """Return from when on rows were held out; ``None`` where they were drawn, not cut by time."""
        last, first = self.train["event_time"].max(), self.predicted["event_time"].min()
        if not isinstance(last, datetime) or not isinstance(first, datetime):
            return None
        return first if last < first else None

    @property
    def drawn_from_time(self) -> bool:
        """Tell whether rows were drawn although they have a time: such a hold-out flatters a model."""
        timed = self.predicted["event_time"].null_count() < self.predicted.height
        return timed and self.from_time is None and not self.train.is_empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtModel:
    """What becomes of a logged model here; ``unlike`` counts the rows whose score differs from the logged one."""

    trained: TrainedModel
    unlike: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the project asks of a model.

    ``classes`` are (negative, positive), or all classes in alphabetical order; empty for a regression. ``columns`` are
    the inputs in the order of a model that reads one table.
    """

    task: Task
    classes: tuple[str, ...]
    cut: float | None
    columns: Sequence[str]


def held_out(known: pl.DataFrame, predicted: pl.DataFrame, left_out: LeftOut | None = None) -> HeldOut:
    """Part the rows of a dataset by whether they were predicted.

    Raises
    ------
    InvalidInput
        Every row was predicted.
    """
    rows = parted(known, predicted, left_out)
    if rows.train.is_empty():
        raise InvalidInput(f"{FILE} holds every row of the accepted dataset. Log those that training did not see.")
    return rows


def parted(known: pl.DataFrame, predicted: pl.DataFrame, left_out: LeftOut | None = None) -> HeldOut:
    """Part the rows of a dataset by whether they were predicted; all of them may have been."""
    train = known.join(predicted, on="entity_id", how="anti")
    return HeldOut(train=train, predicted=predicted, left_out=left_out)


def bring(data: bytes, rows: HeldOut, demand: Demand) -> BroughtModel:
    """Return the logged ONNX file as it is served, with what it says of the rows that were held out.

    Raises
    ------
    RefusedFile
        The file is no ONNX model, or reaches outside itself.
    InvalidInput
        It does not fit the project's columns or classes, or gives other scores than were logged.
    """
    started = time.perf_counter()
    model, onnx = _served(data, rows, demand)
    cut = demand.cut
    output = model.output(input_columns(rows.predicted, model.features))
    _check_scores(output, model.classes)
    score, said = decide(output, model.classes, cut)
    unlike = _unlike(score, said, rows.predicted, cut)
    if unlike > MOST_UNLIKE * rows.predicted.height:
        raise InvalidInput(
            f"The model gives other scores than {FILE} in {unlike:,} of {rows.predicted.height:,} rows. Log the model "
            "that made these predictions, and its probabilities as their score."
        )
    named = [feature.name for feature in model.features]
    holdout = rows.predicted.with_columns(score=score, predicted=pl.Series(said, dtype=pl.String))
    trained = TrainedModel(
        onnx=onnx,
        features=model.features,
        classes=model.classes,
        holdout=holdout,
        reference=rows.train.select(*named, "block"),
        importance=permutation_importance(holdout, model.features, model.output),
        train_rows=rows.train.height,
        holdout_rows=holdout.height,
        train_from=rows.train["event_time"].min() if rows.from_time else None,  # type: ignore[arg-type]
        holdout_from=rows.from_time,
        seconds=0.0,
        parameters={} if cut is None else {"cut": cut},
        left_out=rows.left_out,
    )
    return BroughtModel(trained=replace(trained, seconds=time.perf_counter() - started), unlike=unlike)


def _served(data: bytes, rows: HeldOut, demand: Demand) -> tuple[OnnxModel, bytes]:
    """Return the model with its classes in our order, and its file."""
    classes, cut = demand.classes, demand.cut
    form = served_form(data, demand.columns)
    features = tuple(_feature(rows.train[name], kind) for name, kind in form.kinds.items())
    if demand.task.kind is TaskKind.REGRESSION:
        return OnnxModel.load(form.onnx, features=features), form.onnx
    plain = OnnxModel.load(form.onnx, features=features, classes=classes, cut=cut)
    some = plain.output(input_columns(rows.predicted.head(2), features))
    width = some.shape[1] if some.ndim == 2 else 1
    places = _places(form.labels, classes, width, demand.task.kind)
    if places != list(range(width)) or width == 1:
        form = served_form(data, demand.columns, kept=places)
    return OnnxModel.load(form.onnx, features=features, classes=classes, cut=cut), form.onnx


def _places(labels: tuple[str, ...], classes: tuple[str, ...], width: int, kind: TaskKind) -> list[int]:
    """Return the column of the scores that belongs to each class."""
    if width == 1 and kind is TaskKind.BINARY:
        return [0]
    if width != len(classes):
        raise InvalidInput(
            f"The model gives {width} score{'s' * (width != 1)} a row, and the project has {len(classes)} classes. "
            "Train it on the project's target."
        )
    named = list(labels) if len(labels) == width else sorted(classes)
    found = {label_text(name) or name: place for place, name in enumerate(named)}
    if set(classes) <= set(found):
        return [found[name] for name in classes]
    if kind is TaskKind.BINARY:
        if set(found) <= _SIGNS:  # -1, 0 or False stands for no, 1 or True for yes
            yes = next(place for name, place in found.items() if name in {"1", "True"})
            return [1 - yes, yes]
        if classes[1] in found:
            return [1 - found[classes[1]], found[classes[1]]]
    if [str(place) for place in range(width)] == named:  # as LabelEncoder numbers them
        return [sorted(classes).index(name) for name in classes]
    raise InvalidInput(
        f"The model names the classes {', '.join(named[:4])}, and the data {', '.join(classes[:4])}. Train it on the "
        "project's target as it stands."
    )


def _feature(values: pl.Series, kind: str) -> Feature:
    if kind == "category":
        return feature_of(label_texts(values).alias(values.name))
    if values.dtype == pl.Boolean:
        return feature_of(values.cast(pl.Int8))
    if not values.dtype.is_numeric():
        raise InvalidInput(
            f"The model reads a number in {values.name!r}, and the data hold texts there. Let the model itself turn "
            "texts into numbers, as the steps of one pipeline."
        )
    return feature_of(values)


def _check_scores(output: NDArray[np.float64], classes: tuple[str, ...]) -> None:
    if not np.isfinite(output).all():
        raise InvalidInput("The model gives no number for some rows. Let it fill gaps itself, as a step of its own.")
    if classes and ((output < -ALIKE) | (output > 1 + ALIKE)).any():
        raise InvalidInput("The model gives scores beyond 0 and 1, which are no probabilities. Export probabilities.")


def _unlike(score: NDArray[np.float64], said: tuple[str | None, ...], logged: pl.DataFrame, cut: float | None) -> int:
    """Return in how many rows the logged score (or class, where no score was logged) is another one."""
    if logged["score"].null_count() < logged.height:
        there = logged["score"].to_numpy()
        scale = 1.0 if cut is not None or any(said) else max(1.0, float(np.abs(there).max()))
        return int((np.abs(score - there) > ALIKE * scale).sum())
    return sum(a != b for a, b in zip(said, logged["predicted"].to_list(), strict=True))

"""Training a recipe: rows in; a served file, its inputs, and what it says of the rows that were held out, out."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_text, label_texts
from core.errors import InvalidInput
from core.modelling.importance import permutation_importance
from core.modelling.onnx_export import to_onnx
from core.modelling.onnx_model import decide
from core.modelling.preparation import Preparation, feature_of, input_columns, learn
from core.modelling.recipe import Recipe
from core.modelling.run import Feature, LeftOut
from core.modelling.split import Split, labelled_rows, split
from core.scoping.project import Task, TaskKind

DEFAULT_CUT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """What training leaves behind.

    ``onnx`` is ``None`` for a baseline. ``holdout`` has every input and ``entity_id, event_time, block, label, score,
    predicted``, scored by the original; ``reference`` the training rows' inputs and ``block``.
    """

    onnx: bytes | None
    features: tuple[Feature, ...]
    classes: tuple[str, ...]
    holdout: pl.DataFrame
    reference: pl.DataFrame
    importance: Mapping[str, float]
    train_rows: int
    holdout_rows: int
    train_from: datetime | None
    holdout_from: datetime | None
    seconds: float
    parameters: Mapping[str, float]
    left_out: LeftOut | None = None

    @property
    def cut(self) -> float | None:
        """Return the score above which a binary model says yes; ``None`` for every other kind."""
        return self.parameters.get("cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted estimator of scikit-learn behind its preparation: the original that a served file has to repeat."""

    preparation: Preparation
    estimator: Any
    classes: tuple[str, ...]
    cut: float | None

    def output(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return probabilities, one column a class, or predicted values."""
        return self.output_of(input_columns(frame, self.preparation.features))

    def output_of(self, columns: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the output for columns that are read already."""
        matrix = self.preparation.matrix(columns)
        return self.estimator.predict_proba(matrix) if self.classes else self.estimator.predict(matrix)

    def scored(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return ``frame`` with ``score`` and ``predicted``."""
        score, predicted = decide(self.output(frame), self.classes, self.cut)
        return frame.with_columns(score=score, predicted=pl.Series(predicted, dtype=pl.String))


def train(  # noqa: PLR0913 - what a run is made of
    frame: pl.DataFrame,
    task: Task,
    recipe: Recipe,
    *,
    zone: ZoneInfo,
    holdout_from: datetime | None = None,
    parameters: Mapping[str, float] | None = None,
) -> TrainedModel:
    """Train ``recipe`` on the earlier rows of ``frame`` and score the later ones.

    ``parameters`` may name the recipe's own and ``cut``. ``seconds`` is the whole time this took.

    Raises
    ------
    InvalidInput
        The recipe is not for this kind of task, or the rows cannot be learnt from.
    """
    started = time.perf_counter()
    if task.kind not in recipe.kinds:
        raise InvalidInput(f"{recipe.title} is not for a {task.kind} task; choose another recipe.")
    settled = settle(recipe, task.kind, parameters)
    classes = class_names(frame[task.target], task) if task.target in frame.columns else ()
    parts = split(labelled_rows(frame, task, zone=zone), task, zone=zone, holdout_from=holdout_from)
    fitted = fit(parts.train, recipe, inputs=task.inputs, classes=classes, parameters=settled)
    return TrainedModel(
        onnx=to_onnx(fitted.preparation, fitted.estimator) if recipe.registrable else None,
        features=fitted.preparation.features,
        classes=fitted.classes,
        parameters=settled,
        **_results(parts, fitted, task),
        seconds=time.perf_counter() - started,
    )


def settle(recipe: Recipe, kind: TaskKind, parameters: Mapping[str, float] | None) -> dict[str, float]:
    """Return every parameter of a run: the recipe's own and, for a binary task, ``cut``.

    Raises
    ------
    InvalidInput
        There is no such parameter.
    """
    own = dict(parameters or {})
    if kind is not TaskKind.BINARY:
        own.pop("cut", None)
        return recipe.settle(own)
    cut = float(own.pop("cut", DEFAULT_CUT))
    return {**recipe.settle(own), "cut": cut}


def class_names(values: pl.Series, task: Task) -> tuple[str, ...]:
    """Return the classes in the order of the output: (negative, positive), or sorted; empty for a regression."""
    if task.kind is TaskKind.REGRESSION:
        return ()
    found = label_texts(values).drop_nulls().unique().sort().to_list()
    if task.kind is TaskKind.MULTICLASS:
        return tuple(found)
    positive = label_text(task.positive) or ""
    others = [text for text in found if text != positive]
    return (others[0] if len(others) == 1 else "other", positive)


def fit(
    rows: pl.DataFrame,
    recipe: Recipe,
    *,
    inputs: tuple[str, ...],
    classes: tuple[str, ...],
    parameters: Mapping[str, float],
) -> Fitted:
    """Fit ``recipe`` on rows of ``labelled_rows``; ``parameters`` are settled.

    Raises
    ------
    InvalidInput
        The rows hold fewer than two classes, or an input that cannot be used.
    """
    features = tuple(feature_of(rows[name]) for name in inputs)
    columns = input_columns(rows, features)
    cut = parameters.get("cut")
    target, kept = _target(rows["label"], classes, binary=cut is not None)
    preparation = learn(columns, features, target, encoding=recipe.encoding)
    estimator = recipe.make(parameters, len(rows)).fit(preparation.matrix(columns), target)
    return Fitted(preparation=preparation, estimator=estimator, classes=kept, cut=cut)


def _target(label: pl.Series, classes: tuple[str, ...], *, binary: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return what the estimator learns and the classes that it can then name."""
    if not classes:
        return label.to_numpy(), ()
    if binary:
        target, kept = label.cast(pl.Int64).to_numpy(), classes
    else:
        kept = tuple(sorted(set(label.to_list())))
        target = np.array([kept.index(text) for text in label.to_list()])
    if len(np.unique(target)) < 2:
        raise InvalidInput("All training rows have the same label; train on more rows, or hold out from a later day.")
    return target, kept


def _results(parts: Split, fitted: Fitted, task: Task) -> dict[str, Any]:
    return {
        "holdout": fitted.scored(parts.holdout),
        "reference": parts.train.select(*task.inputs, "block"),
        "importance": permutation_importance(parts.holdout, fitted.preparation.features, fitted.output_of),
        "train_rows": len(parts.train),
        "holdout_rows": len(parts.holdout),
        "train_from": parts.train_from,
        "holdout_from": parts.holdout_from,
    }

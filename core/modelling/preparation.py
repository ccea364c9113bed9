"""From columns to a matrix: learnt on the training rows, done alike here and in the served file.

Everything is float32, as on the wire, and each step is one that ONNX has: the served model repeats the trained one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_texts
from core.errors import InvalidInput
from core.modelling.onnx_model import categories, numbers
from core.modelling.recipe import Encoding
from core.modelling.run import Feature

Matrix = NDArray[np.float32]
_MOST_LEVELS = 200
_SMALLEST = 1e-37  # deviation: the inverse of a smaller one is no float32
_SHRINKAGE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumns:
    """Numeric inputs: a gap gets the mean and a column that says so; then mean 0 and deviation 1.

    ``gaps`` are the positions of the inputs that had gaps in training: only these get an indicator.
    """

    names: tuple[str, ...]
    mean: Matrix
    inverse_scale: Matrix
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryColumn:
    """A text input. ``codes`` has a row a level and one more: that of all rare, new and unknown levels."""

    name: str
    levels: tuple[str, ...]
    codes: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What turns the columns of a table into the matrix that an estimator sees."""

    features: tuple[Feature, ...]
    numeric: NumberColumns
    categorical: tuple[CategoryColumn, ...]

    @property
    def width(self) -> int:
        """Return the number of columns of the matrix."""
        numeric = len(self.numeric.names) + len(self.numeric.gaps)
        return numeric + sum(column.codes.shape[1] for column in self.categorical)

    def matrix(self, columns: Mapping[str, Any]) -> Matrix:
        """Return the matrix of ``columns`` (``input_columns`` of a table)."""
        numeric = self.numeric
        parts: list[Matrix] = []
        if numeric.names:
            raw = np.hstack([columns[name] for name in numeric.names])
            missing = np.isnan(raw)
            parts.append((np.where(missing, numeric.mean, raw) - numeric.mean) * numeric.inverse_scale)
            parts.append(missing[:, list(numeric.gaps)].astype(np.float32))
        for column in self.categorical:
            position = {level: index for index, level in enumerate(column.levels)}
            other = len(column.levels)
            parts.append(column.codes[[position.get(value, other) for value in columns[column.name].ravel().tolist()]])
        return np.hstack(parts)


def feature_of(values: pl.Series) -> Feature:
    """Return how the wire names and types a column, and what is seen of it here.

    Raises
    ------
    InvalidInput
        A column of times or of lists can be no input.
    """
    if values.dtype.is_numeric():
        # in full precision: rounded to float32, the smallest value seen would lie outside its own range
        seen = values.cast(pl.Float64).to_numpy()
        known = seen[np.isfinite(seen)]
        lower, upper = (float(known.min()), float(known.max())) if known.size else (None, None)
        return Feature(name=values.name, kind="number", lower=lower, upper=upper)
    if isinstance(values.dtype, (pl.String, pl.Categorical, pl.Enum, pl.Boolean)):
        counts = Counter(label_texts(values).drop_nulls().to_list())
        levels = sorted(level for level, _ in counts.most_common(_MOST_LEVELS))
        return Feature(name=values.name, kind="category", levels=tuple(levels))
    if values.dtype == pl.Null:
        return Feature(name=values.name, kind="category")
    raise InvalidInput(
        f"The column {values.name!r} holds {values.dtype}; inputs are numbers or texts. Leave it out, or derive one."
    )


def input_columns(frame: pl.DataFrame, features: Sequence[Feature]) -> dict[str, NDArray[Any]]:
    """Return the inputs of a table as the model sees them.

    Raises
    ------
    InvalidInput
        The table lacks an input, or holds text where a number belongs.
    """
    missing = [feature.name for feature in features if feature.name not in frame.columns]
    if missing:
        raise InvalidInput(f"The table lacks the input {missing[0]!r}, which the model was trained on.")
    return {
        f.name: numbers(frame[f.name].to_numpy())
        if f.kind == "number"
        else categories(label_texts(frame[f.name]).to_list())
        for f in features
    }


def learn(
    columns: Mapping[str, Any], features: Sequence[Feature], target: NDArray[Any], *, encoding: Encoding
) -> Preparation:
    """Return the preparation learnt from the training rows' ``columns`` and, for ``means``, their ``target``."""
    names = tuple(feature.name for feature in features if feature.kind == "number")
    texts = [feature.name for feature in features if feature.kind != "number"]
    return Preparation(
        features=tuple(features),
        numeric=_learn_numbers(names, columns),
        categorical=tuple(
            _learn_category(name, columns[name].ravel().tolist(), target if encoding == "means" else None)
            for name in texts
        ),
    )


def _learn_numbers(names: tuple[str, ...], columns: Mapping[str, Any]) -> NumberColumns:
    if not names:
        empty = np.zeros(0, dtype=np.float32)
        return NumberColumns(names=(), mean=empty, inverse_scale=empty, gaps=())
    raw = np.hstack([columns[name] for name in names]).astype(np.float64)
    missing = np.isnan(raw)
    known = np.maximum((~missing).sum(axis=0), 1)
    mean = np.where(missing, 0.0, raw).sum(axis=0) / known
    deviation = np.sqrt((np.where(missing, 0.0, raw - mean) ** 2).mean(axis=0))
    scale = np.where(deviation > _SMALLEST, deviation, 1.0)
    return NumberColumns(
        names=names,
        mean=mean.astype(np.float32),
        inverse_scale=(1 / scale).astype(np.float32),
        gaps=tuple(np.flatnonzero(missing.any(axis=0)).tolist()),
    )


def _learn_category(name: str, values: Sequence[str], target: NDArray[Any] | None) -> CategoryColumn:
    counts = Counter(values)
    # a level rarer than this is grouped with the unknown ones: 20 rows, fewer where the table is small
    enough = min(20, max(2, len(values) // 100))
    frequent = tuple(sorted(level for level, count in counts.most_common(_MOST_LEVELS) if count >= enough))
    if target is None:
        return CategoryColumn(name=name, levels=frequent, codes=np.eye(len(frequent) + 1, dtype=np.float32))
    overall, text = float(target.mean()), np.asarray(values, dtype=object)
    sums = {level: float(target[text == level].sum()) for level in frequent}
    # shrunk towards the overall mean, so that a level with few rows cannot tell the estimator its own labels
    codes = [(sums[level] + _SHRINKAGE * overall) / (counts[level] + _SHRINKAGE) for level in frequent]
    return CategoryColumn(
        name=name, levels=frequent, codes=np.array([[c] for c in [*codes, overall]], dtype=np.float32)
    )

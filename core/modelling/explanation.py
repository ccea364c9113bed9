"""What a model makes of its inputs: what shuffling one costs, and how the prediction follows it.

Both ask the model alone, on rows that it has not seen; neither says what causes what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_texts
from core.errors import InvalidInput
from core.modelling.onnx_model import OnnxModel
from core.modelling.preparation import input_columns
from core.statistics.blocks import MIN_BLOCKS, Floats, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.estimate import Estimate
from core.statistics.intervals import percentile_interval, resampling_level
from core.statistics.resampling import ratio

ROWS = 2_000
"""Rows of the hold-out that are asked about, drawn at random where there are more."""
STEPS, MOST_LEVELS = 20, 12
SHUFFLES = 5
_REPEATS = 1_000
_ENDS = 0.02  # the outermost rows of each side say little of the curve and stretch it


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What shuffling one input costs: the mean absolute change of the output, in its unit (probability, or target)."""

    name: str
    cost: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The mean output if every row had this ``value`` (a number, or a level as text); ``rows`` really have it.

    Of a number, ``rows`` counts those nearer to this value than to the others of the curve.
    """

    value: float | str
    output: Estimate
    rows: int


def leaning(holdout: pl.DataFrame, model: OnnxModel) -> tuple[Leaning, ...]:
    """Return what shuffling each input costs, the dearest first.

    Notes
    -----
    Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) without labels, the mean of five shuffles.
    Interval: blocks resampled, 95 %. Inputs that repeat one another share their worth.
    """
    asked = Asked.of(holdout, model)
    before = asked.output(asked.columns)
    rng = fixed_generator()
    orders = [rng.permutation(len(before)) for _ in range(SHUFFLES)]
    found: list[Leaning] = []
    for feature in model.features:
        shuffled = [asked.output({**asked.columns, feature.name: asked.columns[feature.name][o]}) for o in orders]
        change = np.mean([np.abs(after - before).reshape(len(before), -1).mean(axis=1) for after in shuffled], axis=0)
        found.append(Leaning(name=feature.name, cost=asked.mean(change)))
    return tuple(sorted(found, key=lambda one: -one.cost.value))


def dependence(holdout: pl.DataFrame, model: OnnxModel, name: str, *, label: str | None = None) -> tuple[Step, ...]:
    """Return how the mean output follows one input while all others stay as they are.

    Parameters
    ----------
    label
        The class whose probability is followed; by default the last: the positive one of two.

    Raises
    ------
    InvalidInput
        The model has no such input or class.

    Notes
    -----
    Partial dependence (Friedman 2001) at evenly spaced quantiles of a number, or at the commonest levels. Where inputs
    move together it also asks about rows that never occur. Interval: blocks resampled, 95 %, for each value alone.
    """
    feature = next((f for f in model.features if f.name == name), None)
    if feature is None:
        raise InvalidInput(f"The model has no input {name!r}. Choose one that it was trained on.")
    place = place_of(model, label)
    asked = Asked.of(holdout, model)
    values, rows = _numbers(asked.rows[name]) if feature.kind == "number" else _levels(asked.rows[name])
    found: list[Step] = []
    for value, count in zip(values, rows, strict=True):
        column = np.full_like(asked.columns[name], value)
        output = asked.output({**asked.columns, name: column})
        found.append(Step(value=value, output=asked.mean(output[:, place] if output.ndim == 2 else output), rows=count))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The rows that a model is asked about, as it reads them."""

    model: OnnxModel
    rows: pl.DataFrame
    columns: Mapping[str, NDArray[Any]]

    @classmethod
    def of(cls, holdout: pl.DataFrame, model: OnnxModel, *, most: int = ROWS) -> "Asked":
        """Return ``most`` rows of a hold-out at most, drawn at random."""
        rows = holdout.sample(min(most, len(holdout)), seed=0)
        return cls(model=model, rows=rows, columns=input_columns(rows, model.features))

    def output(self, columns: Mapping[str, NDArray[Any]]) -> Floats:
        """Return what the model says of other columns: a probability a class, or one value a row."""
        found = np.asarray(self.model.output(columns), dtype=np.float64)
        return found if self.model.classes else found.reshape(-1)

    def mean(self, values: Floats) -> Estimate:
        """Return the mean over the rows with the interval over their blocks."""
        blocks = code_blocks(self.rows["block"].cast(pl.String).to_numpy())
        n_blocks = blocks.count(np.ones(len(values), dtype=np.bool_))
        interval = None
        if n_blocks >= MIN_BLOCKS:
            draws = ratio(blocks.sums(values), blocks.sums(np.ones(len(values))))
            drawn = draws(bootstrap_weights(blocks.n_units, _REPEATS, fixed_generator()))
            interval = percentile_interval(drawn, level=resampling_level(n_blocks))
        return Estimate(value=float(values.mean()), interval=interval, n=len(values), n_blocks=n_blocks)


def place_of(model: OnnxModel, label: str | None) -> int:
    """Return which column of the output is that of a class, by default the last.

    Raises
    ------
    InvalidInput
        The model has no such class.
    """
    if label is None:
        return len(model.classes) - 1
    if label not in model.classes:
        raise InvalidInput(f"The model has no class {label!r}. Its classes: {', '.join(model.classes)}.")
    return model.classes.index(label)


def _numbers(values: pl.Series) -> tuple[list[float], list[int]]:
    known = values.cast(pl.Float64).drop_nulls().to_numpy()
    known = known[np.isfinite(known)]
    if not known.size:
        return [], []
    steps = np.unique(np.quantile(known, np.linspace(_ENDS, 1 - _ENDS, STEPS)))
    edges = (steps[1:] + steps[:-1]) / 2
    return steps.tolist(), np.bincount(np.searchsorted(edges, known), minlength=len(steps)).tolist()


def _levels(values: pl.Series) -> tuple[list[str], list[int]]:
    counts = label_texts(values).drop_nulls().value_counts(sort=True).head(MOST_LEVELS)
    return counts.to_series(0).to_list(), counts["count"].to_list()

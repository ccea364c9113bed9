"""Which inputs a model leans on: how much worse it does when the values of one are shuffled."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.modelling.preparation import input_columns
from core.modelling.run import Feature

Output = Callable[[Mapping[str, Any]], NDArray[np.float64]]
_ROWS = 2_000
_SEED = 0


def permutation_importance(holdout: pl.DataFrame, features: tuple[Feature, ...], output: Output) -> dict[str, float]:
    """Return what shuffling each input costs on a sample of the hold-out, the largest first.

    The cost is the mean absolute change of the output: it needs no label, means the same for every kind of task
    (points of probability, or the target's unit), and is 0 for an input that the model does not use.
    """
    rng = np.random.default_rng(_SEED)
    sample = holdout.sample(min(_ROWS, len(holdout)), seed=_SEED)
    columns = input_columns(sample, features)
    before = output(columns)
    order = rng.permutation(len(sample))
    cost = {
        feature.name: float(np.abs(output({**columns, feature.name: columns[feature.name][order]}) - before).mean())
        for feature in features
    }
    return dict(sorted(cost.items(), key=lambda item: -item[1]))

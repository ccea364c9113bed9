"""R squared: the part of the true values' spread that the prediction accounts for."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import numbers
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, score, known = numbers(outcomes)
    if known.sum() < 2 or np.ptp(label[known]) == 0:
        return None
    # around the mean: a sum of squares less a square of sums would lose its digits where values are large
    centred = np.where(known, label - label[known].mean(), 0.0)
    missed = np.where(known, np.square(score - label), 0.0)
    sums = np.column_stack([blocks.sums(values) for values in (known, centred, np.square(centred), missed)])

    def r_squared(weights: Floats) -> Floats:
        n, first, second, left = (weights @ sums).T
        with np.errstate(invalid="ignore", divide="ignore"):
            return 1 - left / (second - np.square(first) / n)

    return Measurement(
        value=float(r_squared(np.ones((1, blocks.n_units)))[0]),
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        resample=r_squared,
    )


R_SQUARED = Metric(
    name="r_squared",
    title="R²",
    description="The part of the spread of the true values that the prediction accounts for; 0 is naming their mean.",
    misleads="It moves with the spread of the rows: the same errors score higher on rows that differ more.",
    unit="score",
    greater_is_better=True,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

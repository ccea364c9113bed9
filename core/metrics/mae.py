"""Mean absolute error of a predicted number."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import numbers
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.resampling import ratio


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, score, known = numbers(outcomes)
    n = int(known.sum())
    if not n:
        return None
    misses = np.where(known, np.abs(score - label), 0.0)
    return Measurement(
        value=float(misses.sum() / n),
        n=n,
        n_blocks=blocks.count(known),
        resample=ratio(blocks.sums(misses), blocks.sums(known)),
    )


MAE = Metric(
    name="mae",
    title="Mean absolute error",
    description="How far the prediction is from the true value, on average.",
    unit="target",
    greater_is_better=False,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

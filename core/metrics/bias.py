"""Mean of predicted minus true value: does the model aim too high or too low?"""

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
    misses = np.where(known, score - label, 0.0)
    return Measurement(
        value=float(misses.sum() / n),
        n=n,
        n_blocks=blocks.count(known),
        resample=ratio(blocks.sums(misses), blocks.sums(known)),
    )


BIAS = Metric(
    name="bias",
    title="Bias",
    description="The mean of predicted minus true value: above zero, the model aims too high.",
    unit="target",
    greater_is_better=None,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

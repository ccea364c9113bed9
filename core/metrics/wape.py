"""Absolute error as a share of the total: what the mean absolute percentage error means to say."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import numbers
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.resampling import ratio


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, score, known = numbers(outcomes)
    total = np.where(known, np.abs(label), 0.0)
    missed = np.where(known, np.abs(score - label), 0.0)
    if not total.any():
        return None
    return Measurement(
        value=float(missed.sum() / total.sum()),
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        resample=ratio(blocks.sums(missed), blocks.sums(total)),
    )


WAPE = Metric(
    name="wape",
    title="Absolute error over total",
    description="The sum of absolute errors over the sum of the true values (sizes): 0.1 is a tenth missed. Unlike a "
    "mean of percentages it stands values near zero.",
    misleads="Rows with large values decide it; where values are temperatures or other scales without a true zero, it "
    "means nothing.",
    unit="factor",
    greater_is_better=False,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

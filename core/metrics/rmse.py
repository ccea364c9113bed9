"""Root mean squared error of a predicted number."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.metrics.labelled import numbers
from core.metrics.mean_of_rows import mean_of_rows
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.resampling import Resample


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, score, known = numbers(outcomes)
    square = mean_of_rows(np.square(score - label), known, blocks)
    if square is None or square.resample is None:
        return None
    return replace(square, value=math.sqrt(square.value), resample=_root(square.resample))


def _root(resample: Resample) -> Resample:
    return lambda weights: np.sqrt(resample(weights))


RMSE = Metric(
    name="rmse",
    title="Root mean squared error",
    description="How far the prediction is from the true value, where a large error counts more than several small.",
    misleads="A few rows that are far off decide it: look at the mean or median absolute error too.",
    unit="target",
    greater_is_better=False,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

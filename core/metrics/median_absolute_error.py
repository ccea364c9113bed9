"""Median absolute error of a predicted number: half of the predictions are nearer."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import numbers
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.intervals import quantile_interval
from core.statistics.resampling import Resample

GROUPS = 1000
"""Into so many groups of like errors rows are counted before anything is resampled."""


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, score, known = numbers(outcomes)
    if not known.any():
        return None
    errors = np.abs(score - label)[known]
    return Measurement(
        value=float(np.median(errors)),
        n=len(errors),
        n_blocks=blocks.count(known),
        interval=quantile_interval(errors, 0.5),
        resample=_resample(errors, blocks.rows(known)),
    )


def _resample(errors: Floats, blocks: Blocks) -> Resample:
    edges = np.unique(np.quantile(errors, np.linspace(0, 1, GROUPS + 1), method="inverted_cdf"))
    places = blocks.units * len(edges) + np.searchsorted(edges, errors, side="left")
    rows = np.bincount(places, minlength=blocks.n_units * len(edges)).reshape(-1, len(edges)).astype(np.float64)

    def median(weights: Floats) -> Floats:
        passed = np.cumsum(weights @ rows, axis=-1)
        total = passed[..., -1]
        first = (passed >= total[:, None] / 2).argmax(axis=-1)
        return np.where(total > 0, edges[first], np.nan)

    return median


MEDIAN_ABSOLUTE_ERROR = Metric(
    name="median_absolute_error",
    title="Median absolute error",
    description="How far the prediction is from the true value in the middle row: half of the rows are nearer.",
    misleads="It says nothing of the other half, however far off they are.",
    unit="target",
    greater_is_better=False,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
)

"""Brier score: the mean squared distance of the probability from what happened."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import probabilities
from core.metrics.mean_of_rows import mean_of_rows
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    positive, score, known = probabilities(outcomes)
    return mean_of_rows(np.square(score - positive), known, blocks)


BRIER = Metric(
    name="brier",
    title="Brier score",
    description="The mean squared distance of the probability from what happened (0 or 1).",
    misleads="Where positives are rare it is small for every model: compare it with that of a baseline.",
    unit="score",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

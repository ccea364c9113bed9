"""Log loss: what a probability costs, by how surely it was wrong."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import probabilities
from core.metrics.mean_of_rows import mean_of_rows
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks

SUREST = 1e-6
"""A probability of 0 that turns out otherwise would cost without end: it counts as one in a million."""


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    positive, score, known = probabilities(outcomes)
    said = np.clip(np.where(positive, score, 1 - score), SUREST, 1)
    return mean_of_rows(-np.log(said), known, blocks)


LOG_LOSS = Metric(
    name="log_loss",
    title="Log loss",
    description="Minus the logarithm of the probability given to what happened, on average; 0 is foreknowledge.",
    misleads="A single row that was surely wrong can outweigh a thousand; the rarer positives are, the smaller it is.",
    unit="factor",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

"""Average precision: the area under the precision-recall curve, by steps."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.ranked import ranked
from core.statistics.blocks import Blocks, Floats
from core.statistics.intervals import wilson


def _average(positives: Floats, rows: Floats) -> Floats:
    found, flagged = np.cumsum(positives, axis=-1), np.cumsum(rows, axis=-1)
    precision = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
    return (positives * precision).sum(axis=-1) / found[..., -1]


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    found = ranked(outcomes, _average, blocks)
    if found is None or found.value < 1:
        return found
    # a perfect ranking resamples to itself: the positives then say how far it can be trusted
    n_positive = int(binary(outcomes)[0].sum())
    return replace(found, interval=wilson(n_positive, n_positive))


AVERAGE_PRECISION = Metric(
    name="average_precision",
    title="Average precision",
    description="Precision averaged over every recall that a cut could give: the area under the PR curve.",
    misleads="Guessing gives the share of positives, so it falls where positives become rarer.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

"""Matthews correlation at a cut: how far what the model says goes with what happens."""

import math
from collections.abc import Mapping

import numpy as np

from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson


def _matthews(found: Floats, missed: Floats, false: Floats, left: Floats) -> Floats:
    spread = np.sqrt((found + missed) * (found + false) * (left + false) * (left + missed))
    return np.where(spread > 0, (found * left - missed * false) / spread, 0.0)


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    found, missed, false, left = rows.counts
    positives, negatives = found + missed, false + left
    if not positives or not negatives:
        return None
    # a model that says the same of every row goes with nothing: 0, as in scikit-learn
    spread = math.sqrt(positives * negatives * (found + false) * (left + missed))
    value = (found * left - missed * false) / spread if spread else 0.0
    return Measurement(
        value=value,
        n=positives + negatives,
        n_blocks=min(blocks.count(rows.found | rows.missed), blocks.count(rows.false | rows.left)),
        interval=_row_wise(value, min(positives, negatives)),
        resample=rows.resample(_matthews, blocks),
    )


def _row_wise(value: float, rarer: int) -> Interval | None:
    # a model without a mistake resamples to itself: the rarer class then says how far it can be trusted
    if abs(value) < 1:
        return None
    share = wilson(rarer if value > 0 else 0, rarer)
    return Interval(lower=2 * share.lower - 1, upper=2 * share.upper - 1)


MATTHEWS = Metric(
    name="matthews",
    title="Matthews correlation",
    description="The correlation of yes and no as said with yes and no as happened; 0 is guessing, 1 without mistake.",
    misleads="Its scale moves with the share of positives: compare it on like rows only.",
    unit="score",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

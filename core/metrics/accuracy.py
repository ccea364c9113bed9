"""Accuracy at a cut: the share of rows that the model decides rightly."""

from collections.abc import Mapping

from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    return share(rows.found | rows.left, among=rows.known, rows=rows.known, blocks=blocks)


ACCURACY = Metric(
    name="accuracy",
    title="Accuracy",
    description="The share of rows that the model decides rightly at the cut.",
    misleads="Where positives are rare, a model that always says no scores high.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

"""Recall of the group whose positives are found worst."""

from collections.abc import Mapping
from typing import Any

from core.metrics.by_group import group_rates, worst_of
from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    positive = rows.found | rows.missed
    rates = group_rates(outcomes, parameters, rows.found, positive, blocks)
    return rates and worst_of(rates, positive, blocks, largest=False)


WORST_RECALL = Metric(
    name="worst_recall",
    title="Recall of the worst group",
    description="Recall in the group whose positives are found worst; groups of 30 positives or more.",
    misleads="The more groups there are, the lower the worst lies by chance alone: read the interval.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5, "by": ""},
)

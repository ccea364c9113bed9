"""Gap of recall: how differently well the positives of groups are found (equal opportunity)."""

from collections.abc import Mapping
from typing import Any

from core.metrics.by_group import furthest_apart, group_rates
from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    positive = rows.found | rows.missed
    rates = group_rates(outcomes, parameters, rows.found, positive, blocks)
    return rates and furthest_apart([rates], positive, blocks)


RECALL_GAP = Metric(
    name="recall_gap",
    title="Gap of recall",
    description="Recall in the group whose positives are found best, less that in the group found worst (equal "
    "opportunity); groups of 30 positives or more.",
    misleads="It is never below 0, so of many small groups some lie apart by chance: read the interval.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5, "by": ""},
)

"""Gap of selection rates: how differently often groups are said yes to (demographic parity)."""

from collections.abc import Mapping
from typing import Any

from core.metrics.by_group import furthest_apart, group_rates
from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    rates = group_rates(outcomes, parameters, rows.found | rows.false, rows.known, blocks)
    return rates and furthest_apart([rates], rows.known, blocks)


SELECTION_GAP = Metric(
    name="selection_gap",
    title="Gap of selection rates",
    description="The share of rows above the cut in the group with the most, less that in the group with the fewest "
    "(demographic parity); groups of 30 rows or more.",
    misleads="Groups that differ in what happens should differ here too: a model without a mistake has a gap.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5, "by": ""},
)

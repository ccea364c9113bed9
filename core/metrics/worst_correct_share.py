"""The share predicted right in the group in which it is smallest."""

from collections.abc import Mapping
from typing import Any

from core.metrics.by_group import group_rates, worst_of
from core.metrics.labelled import classes
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    label, predicted, known = classes(outcomes)
    rates = group_rates(outcomes, parameters, known & (label == predicted), known, blocks)
    return rates and worst_of(rates, known, blocks, largest=False)


WORST_CORRECT_SHARE = Metric(
    name="worst_correct_share",
    title="Share predicted right, worst group",
    description="The share predicted right in the group in which it is smallest; groups of 30 rows or more.",
    misleads="The more groups there are, the lower the worst lies by chance alone: read the interval.",
    unit="share",
    greater_is_better=True,
    task_kinds=("multiclass",),
    needs="labels",
    measure=_measure,
    parameters={"by": ""},
)

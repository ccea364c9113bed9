"""Mean absolute error in the group in which it is largest."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.metrics.by_group import group_rates, worst_of
from core.metrics.labelled import numbers
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    label, score, known = numbers(outcomes)
    rates = group_rates(outcomes, parameters, np.abs(score - label), known, blocks)
    return rates and worst_of(rates, known, blocks, largest=True)


WORST_MAE = Metric(
    name="worst_mae",
    title="Mean absolute error, worst group",
    description="The mean absolute error in the group in which it is largest; groups of 30 rows or more.",
    misleads="A group whose values are larger has larger errors too, without being treated worse.",
    unit="target",
    greater_is_better=False,
    task_kinds=("regression",),
    needs="labels",
    measure=_measure,
    parameters={"by": ""},
)

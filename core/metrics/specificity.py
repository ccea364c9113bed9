"""Specificity at a cut: the share of negatives that the model leaves alone."""

from collections.abc import Mapping

from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    return share(rows.left, among=rows.left | rows.false, rows=rows.known, blocks=blocks)


SPECIFICITY = Metric(
    name="specificity",
    title="Specificity",
    description="Of the rows that turned out negative, the share whose score is not above the cut.",
    misleads="A model that never says yes reaches 1: read it beside recall.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

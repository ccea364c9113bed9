"""Precision at a cut: the share of the model's alarms that are right."""

from collections.abc import Mapping

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    positive, score, known = binary(outcomes)
    flagged = known & (score > parameters["cut"])
    return share(flagged & positive, among=flagged, rows=known, blocks=blocks)


PRECISION = Metric(
    name="precision",
    title="Precision",
    description="Of the rows whose score is above the cut, the share that turned out positive.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

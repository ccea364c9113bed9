"""Recall at a cut: the share of positives that the model finds."""

from collections.abc import Mapping

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    positive, score, known = binary(outcomes)
    return share(positive & (score > parameters["cut"]), among=positive, rows=known, blocks=blocks)


RECALL = Metric(
    name="recall",
    title="Recall",
    description="Of the rows that turned out positive, the share whose score is above the cut.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

"""Recall at the top: the share of all positives among the rows with the highest scores."""

from collections.abc import Mapping
from dataclasses import replace

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.ranked import hits_at_top, ranked
from core.statistics.blocks import Blocks, Floats
from core.statistics.intervals import wilson


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    def recall(positives: Floats, rows: Floats) -> Floats:
        return hits_at_top(positives, rows, parameters["top"])[0] / positives.sum(axis=-1)

    found = ranked(outcomes, recall, blocks) if parameters["top"] > 0 else None
    n_positive = int(binary(outcomes)[0].sum())
    return found and replace(found, interval=wilson(found.value * n_positive, n_positive))


RECALL_AT_TOP = Metric(
    name="recall_at_top",
    title="Recall at the top",
    description="The share of all positives that lies among the given share of rows with the highest scores.",
    misleads="It cannot exceed the share that is looked at over the share of positives.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"top": 0.1},
)

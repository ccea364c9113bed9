"""Precision at the top: the share of positives among the rows with the highest scores."""

from collections.abc import Mapping
from dataclasses import replace

from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.ranked import hits_at_top, ranked
from core.statistics.blocks import Blocks, Floats
from core.statistics.intervals import wilson


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    def precision(positives: Floats, rows: Floats) -> Floats:
        hits, taken = hits_at_top(positives, rows, parameters["top"])
        return hits / taken

    found = ranked(outcomes, precision, blocks) if parameters["top"] > 0 else None
    taken = parameters["top"] * found.n if found else 0
    return found and replace(found, interval=wilson(found.value * taken, taken))


PRECISION_AT_TOP = Metric(
    name="precision_at_top",
    title="Precision at the top",
    description="Of the given share of rows with the highest scores, the share that turned out positive.",
    misleads="It cannot exceed the share of positives over the share that is looked at.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"top": 0.1},
)

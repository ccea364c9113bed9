"""Lift at the top: how many times more often rows with the highest scores are positive than all rows are."""

from collections.abc import Mapping
from dataclasses import replace

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.ranked import hits_at_top, ranked
from core.statistics.blocks import Blocks, Floats
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    def lift(positives: Floats, rows: Floats) -> Floats:
        hits, taken = hits_at_top(positives, rows, parameters["top"])
        return hits / taken / (positives.sum(axis=-1) / rows.sum(axis=-1))

    found = ranked(outcomes, lift, blocks) if parameters["top"] > 0 else None
    return found and replace(found, interval=_row_wise(found, outcomes, parameters["top"]))


def _row_wise(found: Measurement, outcomes: Outcomes, top: float) -> Interval:
    base, taken = float(binary(outcomes)[0].sum() / found.n), top * found.n
    share = wilson(found.value * base * taken, taken)
    return Interval(lower=share.lower / base, upper=share.upper / base)


LIFT = Metric(
    name="lift",
    title="Lift at the top",
    description="How many times more often the rows with the highest scores are positive than all rows; 1 is guessing.",
    misleads="The more common positives are, the less lift is possible: never more than 1 over their share.",
    unit="factor",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"top": 0.1},
)

"""Balanced accuracy at a cut: the mean of recall and specificity."""

from collections.abc import Mapping

from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.intervals import mean_of_shares


def _balanced(found: Floats, missed: Floats, false: Floats, left: Floats) -> Floats:
    return (found / (found + missed) + left / (left + false)) / 2


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    found, missed, false, left = rows.counts
    if not found + missed or not false + left:
        return None
    return Measurement(
        value=(found / (found + missed) + left / (left + false)) / 2,
        n=int(rows.known.sum()),
        n_blocks=min(blocks.count(rows.found | rows.missed), blocks.count(rows.false | rows.left)),
        interval=mean_of_shares([(found, found + missed), (left, left + false)]),
        resample=rows.resample(_balanced, blocks),
    )


BALANCED_ACCURACY = Metric(
    name="balanced_accuracy",
    title="Balanced accuracy",
    description="The mean of recall and specificity at the cut; 0.5 is guessing.",
    misleads="It weighs both classes alike, whatever a miss or a false alarm costs.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

"""The share of rows whose class is predicted right."""

from collections.abc import Mapping

from core.metrics.labelled import classes
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, predicted, known = classes(outcomes)
    return share(known & (label == predicted), among=known, rows=known, blocks=blocks)


CORRECT_SHARE = Metric(
    name="correct_share",
    title="Share predicted right",
    description="The share of rows whose predicted class is the one that turned out.",
    unit="share",
    greater_is_better=True,
    task_kinds=("multiclass",),
    needs="labels",
    measure=_measure,
)

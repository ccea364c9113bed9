"""Predicted minus actual share of positives: does the model promise what happens?"""

from collections.abc import Mapping

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson
from core.statistics.resampling import ratio


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    positive, score, known = binary(outcomes)
    n = int(known.sum())
    if not n:
        return None
    promised, n_positive = float(score[known].mean()), int(positive.sum())
    actual = wilson(n_positive, n)
    gaps = score - positive
    gaps[~known] = 0.0
    return Measurement(
        value=promised - n_positive / n,
        n=n,
        n_blocks=blocks.count(known),
        interval=Interval(lower=promised - actual.upper, upper=promised - actual.lower),
        resample=ratio(blocks.sums(gaps), blocks.sums(known)),
    )


SHARE_GAP = Metric(
    name="share_gap",
    title="Predicted minus actual share",
    description="The mean predicted probability minus the share of rows that turned out positive.",
    unit="points",
    greater_is_better=None,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

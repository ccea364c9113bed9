"""Area under the ROC curve: how well the scores rank."""

from collections.abc import Mapping

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson
from core.statistics.resampling import auc, pair_wins


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    positive, score, known = binary(outcomes)
    negative = known & ~positive
    n_positive, n_negative = int(positive.sum()), int(negative.sum())
    if not n_positive or not n_negative:
        return None
    wins = pair_wins(score[known], positive[known], blocks.rows(known))
    value = float(wins.sum() / (n_positive * n_negative))
    return Measurement(
        value=value,
        n=n_positive + n_negative,
        n_blocks=min(blocks.count(positive), blocks.count(negative)),
        interval=_row_wise(value, min(n_positive, n_negative)),
        resample=auc(wins, blocks.sums(positive), blocks.sums(negative)),
    )


def _row_wise(value: float, rarer: int) -> Interval | None:
    # a perfect ranking resamples to itself: the rarer class then says how far it can be trusted
    return wilson(value * rarer, rarer) if value in (0.0, 1.0) else None


ROC_AUC = Metric(
    name="roc_auc",
    title="ROC AUC",
    description="The probability that a positive row scores higher than a negative one; 0.5 is guessing.",
    unit="auc",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

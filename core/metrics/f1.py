"""F1 at a cut: precision and recall in one figure."""

from collections.abc import Mapping

from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson


def _f1(found: Floats, missed: Floats, false: Floats, left: Floats) -> Floats:
    del left
    return 2 * found / (2 * found + missed + false)


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    found, missed, false, _ = rows.counts
    concerned = found + missed + false
    if not concerned:
        return None
    # F1 = 2 J / (1 + J), and J, the rows found among those concerned, is a share
    share = wilson(found, concerned)
    return Measurement(
        value=2 * found / (concerned + found),
        n=int(rows.known.sum()),
        n_blocks=blocks.count(rows.found | rows.missed | rows.false),
        interval=Interval(lower=2 * share.lower / (1 + share.lower), upper=2 * share.upper / (1 + share.upper)),
        resample=rows.resample(_f1, blocks),
    )


F1 = Metric(
    name="f1",
    title="F1",
    description="The harmonic mean of precision and recall at the cut.",
    misleads="It ignores the rows that are rightly left, and rises with the share of positives alone.",
    unit="share",
    greater_is_better=True,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5},
)

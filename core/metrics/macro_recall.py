"""Recall averaged over the classes, so that a rare class counts as much as a common one."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import classes
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.intervals import mean_of_shares
from core.statistics.resampling import mean_of_ratios


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, predicted, known = classes(outcomes)
    members = [known & (label == name) for name in sorted(set(label[known].tolist()))]
    if not members:
        return None
    found = [rows & (predicted == label) for rows in members]
    shares = [(float(hits.sum()), float(rows.sum())) for hits, rows in zip(found, members, strict=True)]
    return Measurement(
        value=sum(k / n for k, n in shares) / len(shares),
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        interval=mean_of_shares(shares),
        resample=mean_of_ratios(
            np.column_stack([blocks.sums(rows) for rows in found]),
            np.column_stack([blocks.sums(rows) for rows in members]),
        ),
    )


MACRO_RECALL = Metric(
    name="macro_recall",
    title="Recall, mean over classes",
    description="The share of each class that is predicted right, averaged over the classes that occur.",
    unit="share",
    greater_is_better=True,
    task_kinds=("multiclass",),
    needs="labels",
    measure=_measure,
)

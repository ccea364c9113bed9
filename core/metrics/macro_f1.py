"""F1 averaged over the classes, so that a rare class counts as much as a common one."""

import math
from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import classes
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson
from core.statistics.resampling import mean_of_ratios


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    label, predicted, known = classes(outcomes)
    names = sorted({*label[known].tolist(), *predicted[known].tolist()})
    if not names:
        return None
    found = [known & (label == name) & (predicted == name) for name in names]
    # a row that is of the class and is said to be counts twice, as in F1 = 2 TP / (2 TP + FP + FN)
    either = [1.0 * (known & (label == name)) + (known & (predicted == name)) for name in names]
    counts = [(int(hits.sum()), float(rows.sum())) for hits, rows in zip(found, either, strict=True)]
    return Measurement(
        value=sum(2 * k / n for k, n in counts) / len(counts),
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        interval=_row_wise(counts),
        resample=mean_of_ratios(
            np.column_stack([2 * blocks.sums(hits) for hits in found]),
            np.column_stack([blocks.sums(rows) for rows in either]),
        ),
    )


def _row_wise(counts: list[tuple[int, float]]) -> Interval:
    """Return the interval of the mean: F1 rises with the share found / (members or named), and half-widths add up."""
    values = [2 * k / n for k, n in counts]
    ends = [wilson(k, n - k) for k, n in counts]
    mean = sum(values) / len(values)
    below = math.hypot(*(v - 2 * e.lower / (1 + e.lower) for v, e in zip(values, ends, strict=True))) / len(values)
    above = math.hypot(*(2 * e.upper / (1 + e.upper) - v for v, e in zip(values, ends, strict=True))) / len(values)
    return Interval(lower=max(0.0, mean - below), upper=min(1.0, mean + above))


MACRO_F1 = Metric(
    name="macro_f1",
    title="F1, mean over classes",
    description="F1 of each class against the others, averaged over the classes that occur or are named.",
    misleads="One rare class with few rows moves it as much as all the common ones.",
    unit="share",
    greater_is_better=True,
    task_kinds=("multiclass",),
    needs="labels",
    measure=_measure,
)

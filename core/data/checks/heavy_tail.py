"""A few numbers that outweigh all others."""

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import number, percent
from core.frames.moments import moments_of

_SKEW = 20
_LEVELS = 20


def _tail(column: Column) -> Found | None:
    values = column.numbers
    if len(values) <= _SKEW**2 or column.distinct <= _LEVELS or values[0] == values[-1]:
        return None  # the skew of n values is below the root of n
    skew = column.summary.numbers.moments.skewness
    if skew is None:  # the sums overflow
        skew = moments_of(values / max(abs(values[0]), abs(values[-1]))).skewness or 0.0
    if abs(skew) <= _SKEW:
        return None
    tail = values[-max(len(values) // 100, 1) :] if skew > 0 else values[: max(len(values) // 100, 1)]
    weight = float(np.abs(tail).sum() / np.abs(values).sum())
    end = number(float(values[-1] if skew > 0 else values[0]))
    return Found(
        count=len(tail),
        of=len(values),
        message=f"`{column.name}` has a long tail up to {end}: the outermost 1 % of its values hold "
        f"{percent(weight)} of the sum.",
    )


CHECK = Check(
    name="heavy_tail",
    title="No few numbers outweigh the rest",
    severity=Severity.INFO,
    help="Where a handful of values hold most of the sum, averages and squared errors tell of these alone.",
    misleads="Incomes, claims and counts of clicks have long tails by nature.",
    default="A skewness beyond 20 either way.",
    source="ydata-profiling SKEWED: 20.",
    fix="Use the logarithm, or look at the median instead of the mean.",
    kinds=("number",),
    on_column=_tail,
)

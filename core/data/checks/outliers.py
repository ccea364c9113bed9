"""Numbers far away from the others."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found
from core.data.codes_for_missing import codes_for_missing
from core.data.column import Column, sorted_quantiles
from core.data.finding import Severity
from core.data.words import number, percent, rows_of

_SCORE = 3.5  # Iglewicz and Hoaglin
_SHARE = 0.005
_LEVELS = 20


def _limits(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the bounds that both rules draw: 3.5 modified z-scores and 3 quartile distances; none without spread."""
    q1, middle, q3 = sorted_quantiles(values, [0.25, 0.5, 0.75])
    deviation = float(np.median(np.abs(values - middle)))
    if not deviation or q1 == q3:
        return None
    reach = _SCORE * deviation / 0.6745
    return float(min(middle - reach, q1 - 3 * (q3 - q1))), float(max(middle + reach, q3 + 3 * (q3 - q1)))


def _outliers(column: Column) -> Found | None:
    values = column.numbers
    if len(values) < 20 or column.distinct <= _LEVELS:
        return None
    limits = _limits(values)
    if limits is None:
        return None
    low, high = limits
    if _beyond(values, low, high) <= _SHARE * len(values):
        return None
    if values[0] >= 0:  # a long tail is no error: amounts and durations are judged on a logarithmic scale as well
        middle = float(sorted_quantiles(values, [0.5])[0]) or 1.0
        high = max(high, middle * float(np.expm1((_limits(np.log1p(values / middle)) or (0.0, 0.0))[1])))
    count = _beyond(values, low, high)
    if count <= _SHARE * len(values):
        return None
    codes, rest = codes_for_missing(values, column.rows)
    if codes and _beyond(rest, low, high) <= _SHARE * len(rest):
        return None  # what lies far away is a code, and `sentinel_numbers` says so
    held = column.series.cast(pl.Float64)
    return Found(
        count=count,
        rows=((held < low) | (held > high)) & held.is_finite(),
        message=f"`{column.name}` has {rows_of(count, 'value')} ({percent(count / column.rows)}) far outside the usual "
        f"{number(float(values[values >= low][0]))} to {number(float(values[values <= high][-1]))}.",
    )


def _beyond(values: NDArray[np.float64], low: float, high: float) -> int:
    below, above = np.searchsorted(values, low), np.searchsorted(values, high, side="right")
    return int(below + len(values) - above)


CHECK = Check(
    name="outliers",
    title="Few numbers lie far from the others",
    severity=Severity.INFO,
    help="Further out than 3.5 robust standard deviations and 3 quartile distances, in more than 0.5 % of the rows.",
    misleads="Money, durations and sizes have far values that are true.",
    default="Beyond 3.5 modified z-scores and 3 quartile distances in over 0.5 %; amounts also by logarithm.",
    source="Iglewicz and Hoaglin (1993); Great Expectations.",
    fix="Look at the largest and the smallest.",
    kinds=("number",),
    on_column=_outliers,
)

"""Confidence intervals: of a share, of a quantile, of resampled values."""

import math
from collections.abc import Sequence

import numpy as np

from core.statistics.blocks import Floats
from core.statistics.estimate import Interval

Z_95 = 1.959963984540054


def wilson(successes: float, n: float, *, z: float = Z_95) -> Interval:
    """Return Wilson's interval of a share; the whole of [0, 1] where nothing was counted."""
    if n <= 0:
        return Interval(lower=0.0, upper=1.0)
    share = successes / n
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return Interval(lower=min(max(0.0, centre - half), share), upper=max(min(1.0, centre + half), share))


def mean_of_shares(shares: Sequence[tuple[float, float]]) -> Interval:
    """Return the interval of the mean of independent shares, each ``(successes, n)``, from their Wilson intervals.

    Notes
    -----
    The method of variance estimates recovery (Zou and Donner, 2008): half-widths add up in quadrature.
    """
    values = [k / n for k, n in shares]
    ends = [wilson(k, n) for k, n in shares]
    mean = sum(values) / len(values)
    below = math.sqrt(sum((v - e.lower) ** 2 for v, e in zip(values, ends, strict=True))) / len(values)
    above = math.sqrt(sum((e.upper - v) ** 2 for v, e in zip(values, ends, strict=True))) / len(values)
    return Interval(lower=max(0.0, mean - below), upper=min(1.0, mean + above))


def quantile_interval(values: Floats, share: float, *, level: float = 0.95) -> Interval | None:
    """Return the order statistics between which the quantile lies, or ``None`` where ``values`` are too few.

    The bounds hold for any distribution. The 0.95 quantile needs 72 values at a level of 0.95.
    """
    from scipy.stats import binom

    tail = (1 - level) / 2
    lower, upper = (int(binom.ppf(p, values.size, share)) for p in (tail, 1 - tail))
    if lower < 1 or upper + 1 > values.size:
        return None
    ordered = np.sort(values)
    return Interval(lower=float(ordered[lower - 1]), upper=float(ordered[upper]))


def percentile_interval(values: Floats, *, level: float = 0.95) -> Interval | None:
    """Return the central part of resampled values, or ``None`` where hardly any repeat could be computed."""
    usable = values[np.isfinite(values)]
    if usable.size < 0.5 * values.size or not usable.size:
        return None
    lower, upper = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
    return Interval(lower=float(lower), upper=float(upper))


def resampling_level(n_blocks: int, *, level: float = 0.95) -> float:
    """Return the level at which to cut resampled values of so many blocks, so that the interval holds what it promises.

    Notes
    -----
    Few blocks resampled vary less than the blocks of the world do, so the quantiles are moved out as Student's t
    demands (Hesterberg, 2015). Measured on a recall over days that differ (beta 2, 5), nominal 5 %: a plain percentile
    interval misses 17, 8 and 6 % of the time with 5, 14 and 31 days, this one 8, 6 and 5 %.
    """
    from scipy.stats import norm, t

    outer = math.sqrt(n_blocks / (n_blocks - 1)) * float(t.ppf((1 + level) / 2, n_blocks - 1))
    return 1 - 2 * float(norm.sf(outer))


def widest(first: Interval, second: Interval | None) -> Interval:
    """Return the smallest interval that holds both."""
    if second is None:
        return first
    return Interval(lower=min(first.lower, second.lower), upper=max(first.upper, second.upper))

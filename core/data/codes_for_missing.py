"""Numbers that stand for a missing value, such as -999 among real ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.column import sorted_quantiles

_NINES = {float("9" * digits) for digits in range(2, 11)}
_LIMITS = {-32_768.0, 32_767.0, 65_535.0, 2_147_483_647.0, -2_147_483_648.0, 4_294_967_295.0}
_CODES = _NINES | {-nine for nine in _NINES} | _LIMITS | {-1.0, -9.0, -88.0, -888.0, -8_888.0}
_SPIKE = 0.005  # a value that is no known code must hold this share, alone and far away
_AT_MOST = 3


def codes_for_missing(values: NDArray[np.float64], rows: int) -> tuple[dict[float, int], NDArray[np.float64]]:
    """Return the numbers among sorted ``values`` that stand for a missing one with their counts, and the others."""
    found = dict[float, int]()
    while len(values) > 2 and len(found) < _AT_MOST:
        hit = next((e for e in _extremes(values) if _is_sentinel(e, rows)), None)
        if hit is None:
            break
        found[hit.value], values = hit.count, hit.rest
    return found, values


@dataclass(frozen=True, slots=True)
class _Extreme:
    value: float
    count: int
    gap: float
    rest: NDArray[np.float64]


def _extremes(values: NDArray[np.float64]) -> Iterator[_Extreme]:
    """Yield the lowest and the highest value of sorted numbers, with what remains without it."""
    low = int(np.searchsorted(values, values[0], side="right"))
    if low < len(values):
        yield _Extreme(float(values[0]), low, float(values[low] - values[0]), values[low:])
    high = int(np.searchsorted(values, values[-1], side="left"))
    if high > 0:
        yield _Extreme(float(values[-1]), len(values) - high, float(values[-1] - values[high - 1]), values[:high])


def _is_sentinel(extreme: _Extreme, total: int) -> bool:
    rest, value = extreme.rest, extreme.value
    if extreme.count > 0.95 * total:
        return False  # what nearly every row holds is no code for what is not known
    q1, q3 = sorted_quantiles(rest, [0.25, 0.75])
    iqr, spread = q3 - q1, rest[-1] - rest[0]
    if spread == 0:
        return value in _CODES and abs(value) >= 99 and extreme.count > 1 and extreme.gap > 2 * abs(rest[0]) > 0
    outside = value < q1 - 3 * iqr or value > q3 + 3 * iqr
    if value in _CODES and value <= -99 and rest[0] >= 0 and extreme.count > 1:
        return True  # the only number below zero, and again and again
    if value in _CODES and abs(value) >= 99:
        return bool(outside and extreme.gap > iqr and extreme.gap > 0.1 * spread)
    share = extreme.count / total
    if value in _CODES and value < 0 <= rest[0]:
        beside = int(np.searchsorted(rest, rest[0], side="right"))
        return share >= _SPIKE and extreme.count > beside and len(np.unique(rest[:1000])) > 2
    alone = iqr > 0 and extreme.gap > 3 * iqr and extreme.gap > 0.25 * spread
    return bool(outside and alone and share >= _SPIKE and extreme.count >= 10)

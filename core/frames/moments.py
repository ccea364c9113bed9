"""The first four moments of numbers: a commutative monoid, exact up to rounding."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """How many numbers there are, their mean, and the sums of the powers of their distances from it.

    A sum too large for a floating-point number is NaN, and stays so.
    """

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    cubes: float = 0.0
    fourths: float = 0.0

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation (n - 1 below the line)."""
        return _known(math.sqrt(self.squares / (self.n - 1))) if self.n > 1 else None

    @property
    def skewness(self) -> float | None:
        """Return the third standardised moment: 0 where both sides are alike; none without spread."""
        spread = self.squares * math.sqrt(self.squares)
        return _known(math.sqrt(self.n) * self.cubes / spread) if spread else None

    @property
    def kurtosis(self) -> float | None:
        """Return the fourth standardised moment less 3, so that a normal distribution has 0; none without spread."""
        spread = self.squares * self.squares
        return _known(self.n * self.fourths / spread - 3) if spread else None

    def __add__(self, other: "Moments") -> "Moments":
        """Join as Pébay (2008) does: every term is symmetric, so that the order of the two does not matter."""
        if not self.n or not other.n:
            return self if self.n else other
        n, m = self.n, other.n
        both, gap = n + m, other.mean - self.mean
        across = self.squares * m, other.squares * n
        cubes = gap * gap * gap * (n * m * (n - m) / both**2) + 3 * gap * ((across[1] - across[0]) / both)
        fourths = gap * gap * gap * gap * (n * m * (n * n - n * m + m * m) / both**3)
        fourths += 6 * gap * gap * ((across[0] * m + across[1] * n) / both**2)
        fourths += 4 * gap * ((other.cubes * n - self.cubes * m) / both)
        return Moments(
            n=both,
            mean=finite_or_nan(self.mean * (n / both) + other.mean * (m / both)),
            squares=finite_or_nan(self.squares + other.squares + gap * gap * (n * m / both)),
            cubes=finite_or_nan(self.cubes + other.cubes + cubes),
            fourths=finite_or_nan(self.fourths + other.fourths + fourths),
        )


@np.errstate(all="ignore")
def moments_of(values: Floats, times: NDArray[np.int64] | None = None) -> Moments:
    """Return the moments of finite numbers, each of which counts as many ``times``."""
    n = len(values) if times is None else int(times.sum())
    if not n:
        return Moments()
    weights = None if times is None else times.astype(np.float64)
    mean = _total(values, weights) / n
    if not math.isfinite(mean):  # the sum has overflowed, not the mean
        mean = _total(values / n, weights)
    gaps = values - mean  # in place from here: there may be millions
    powers = gaps * gaps
    squares = _total(powers, weights)
    gaps *= powers
    powers *= powers
    return Moments(
        n=n,
        mean=finite_or_nan(mean),
        squares=finite_or_nan(squares),
        cubes=finite_or_nan(_total(gaps, weights)),
        fourths=finite_or_nan(_total(powers, weights)),
    )


def _total(values: Floats, weights: Floats | None) -> float:
    return float((values if weights is None else values * weights).sum())


def finite_or_nan(value: float) -> float:
    """Return a sum, or NaN where it has overflowed."""
    return value if math.isfinite(value) else math.nan


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""How the mean of groups of rows changed between two sides, with what blocks leave open of it: from sums a unit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Floats
from core.statistics.estimate import Interval

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Rows, values and their squares of several groups: units x groups, squares summed over the units.

    ``extremes`` are two values as far apart as rows usually are.
    """

    rows: Floats
    values: Floats
    squares: Floats
    extremes: tuple[float, float]

    def of(self, groups: Bools | slice | NDArray[np.intp]) -> "Sums":
        """Return some of the groups."""
        return Sums(
            rows=self.rows[:, groups],
            values=self.values[:, groups],
            squares=self.squares[groups],
            extremes=self.extremes,
        )

    def without(self, part: "Sums") -> "Sums":
        """Return the groups without a part of each."""
        return Sums(
            rows=self.rows - part.rows,
            values=self.values - part.values,
            squares=self.squares - part.squares,
            extremes=self.extremes,
        )

    @property
    def n(self) -> Floats:
        """Return the rows of every group."""
        return self.rows.sum(axis=0)

    @property
    def blocks(self) -> Floats:
        """Return in how many units every group has rows."""
        return (self.rows > 0).sum(axis=0).astype(np.float64)

    @property
    def mean(self) -> Floats:
        """Return the mean of every group; NaN where it has no rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.values.sum(axis=0) / self.n

    @property
    def residuals(self) -> Floats:
        """Return what each unit adds to the error of the means."""
        return np.nan_to_num((self.values - np.nan_to_num(self.mean) * self.rows) / np.maximum(self.n, 1))

    @property
    def of_rows(self) -> Floats:
        """Return the variance of the means if rows were independent, with the two extremes as two rows more.

        Without them a share of 0 or 1 among few rows would be known exactly (Agresti and Caffo 2000).
        """
        n, mean = np.maximum(self.n, 1), np.nan_to_num(self.mean)
        spread = np.maximum(self.squares - n * mean**2, 0) + sum((end - mean) ** 2 for end in self.extremes)
        return spread / (n + 2) / n


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in several groups: ``values`` with their ``errors`` and ``degrees`` of freedom."""

    values: Floats
    errors: Floats
    degrees: Floats

    @property
    def p_values(self) -> Floats:
        """Return the two-sided p-value of no change."""
        from scipy.stats import t

        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(2 * t.sf(np.abs(self.values) / self.errors, self.degrees), nan=1.0)

    def interval(self, group: int) -> Interval:
        """Return the 95 % interval of a group's change."""
        value, half = float(self.values[group]), float(self._half[group])
        return Interval(lower=value - half, upper=value + half)

    @property
    def _half(self) -> Floats:
        from scipy.stats import t

        return t.ppf(0.975, self.degrees) * self.errors


def changed(then: Sums, now: Sums) -> Changes:
    """Return how the mean of each group changed from ``then`` to ``now``.

    Notes
    -----
    The variance of a ratio of sums over resampled blocks, linearised: ``B / (B - 1) sum r_b^2`` with the residuals
    ``r_b = (s_b - mean n_b) / n``, and never less than independent rows have. Both sides are independent; degrees of
    freedom after Satterthwaite (1946).
    """
    sides = [_variance(side.residuals, side.of_rows, side.blocks) for side in (then, now)]
    return _put_together(now.mean - then.mean, sides)


def changed_more(then: tuple[Sums, Sums], now: tuple[Sums, Sums]) -> Changes:
    """Return how much more the first group of each pair changed than the second, which it shares its blocks with."""
    values = (now[0].mean - now[1].mean) - (then[0].mean - then[1].mean)
    return _put_together(values, [_apart(*then), _apart(*now)])


def apart(first: Sums, second: Sums) -> Changes:
    """Return how far groups lie from others on one side alone."""
    return _put_together(first.mean - second.mean, [_apart(first, second)])


Variance = tuple[Floats, Floats]


def _apart(first: Sums, second: Sums) -> Variance:
    return _variance(
        first.residuals - second.residuals, first.of_rows + second.of_rows, np.minimum(first.blocks, second.blocks)
    )


def _variance(residuals: Floats, of_rows: Floats, blocks: Floats) -> Variance:
    free = np.maximum(blocks - 1, 1)
    return np.maximum((residuals**2).sum(axis=0) * (free + 1) / free, of_rows), free


def _put_together(values: Floats, sides: list[Variance]) -> Changes:
    variance = np.asarray(sum(own for own, _ in sides))
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = variance**2 / np.asarray(sum(own**2 / free for own, free in sides))
    return Changes(values=values, errors=np.sqrt(variance), degrees=degrees)

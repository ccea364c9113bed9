"""How two distributions, counted in blocks and bins, differ: with what chance alone would do to the difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.statistics.blocks import Floats, fixed_generator
from core.statistics.intervals import Z_95

DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Second minus first distribution, as shares a bin or (cumulative) shares up to each inner edge.

    ``noise`` holds draws of the sampling error of ``difference``, one a line; ``half_width`` is half of each element's
    95 % interval, from Student's t with ``degrees`` of freedom where blocks are resampled.
    """

    difference: Floats
    noise: Floats
    half_width: Floats
    degrees: float


def contrast(first: Floats, second: Floats, *, independent: bool, cumulative: bool) -> Contrast:
    """Contrast two tables of counts (blocks x bins; one line each where rows are independent).

    Notes
    -----
    Each side varies by its own blocks (a wild bootstrap of their residuals, with the tails of Student's t), so that
    blocks of the two sides may differ in size, and never less than independent rows would. Blocks are in order (days):
    where one is like the next, a storm that lasts, there are fewer independent ones, and the noise grows by as much.
    """
    rng = fixed_generator()
    sides = [_Counted(table=table, independent=independent, cumulative=cumulative) for table in (first, second)]
    alike = _times_alike([side.residuals for side in sides])
    one, other = (_side_noise(side, rng, alike) for side in sides)
    difference = _shares(second) - _shares(first)
    return Contrast(
        difference=np.cumsum(difference)[:-1] if cumulative else difference,
        noise=one.noise + other.noise,
        half_width=np.hypot(one.half_width, other.half_width),
        degrees=min(one.degrees, other.degrees),
    )


def chance_p_value(observed: float, by_chance: Floats, found: Contrast) -> float:
    """Return how often chance brings ``observed`` or more.

    Where no draw does, the bound of Bonferroni over the elements tells how much rarer it is.
    """
    reached = int((by_chance >= observed * (1 - 1e-12)).sum())
    drawn = (1 + reached) / (1 + by_chance.size)
    return drawn if reached else min(drawn, _bonferroni(found))


def joint_p_value(observed: tuple[float, float], by_chance: tuple[Floats, Floats], found: Contrast) -> float:
    """Return one p-value for two statistics: how often chance makes the better of the two as good as it is."""
    from scipy.stats import rankdata

    ranks: list[Floats] = []
    for value, others in zip(observed, by_chance, strict=True):
        ranks.append(rankdata(-np.concatenate([[value * (1 - 1e-12)], others]), method="max"))
    best = np.minimum(*ranks)
    drawn = float((best <= best[0]).mean())
    return drawn if best[0] > 1 else min(drawn, _bonferroni(found))


def _bonferroni(found: Contrast) -> float:
    from scipy.stats import t

    errors = np.maximum(found.half_width / float(t.ppf(0.975, found.degrees)), 1e-300)
    largest = float((np.abs(found.difference) / errors).max())
    return float(min(1.0, found.difference.size * 2 * t.sf(largest, found.degrees)))


def _shares(table: Floats) -> Floats:
    return table.sum(axis=0) / table.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class _SideNoise:
    """What one side adds to a contrast's noise."""

    noise: Floats
    half_width: Floats
    degrees: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The counts of one side, blocks x bins."""

    table: Floats
    independent: bool
    cumulative: bool

    @property
    def residuals(self) -> Floats:
        """Return what each block adds to the error of the shares; nothing where rows are independent."""
        if self.independent or len(self.table) < 2:
            return np.zeros((0, 1))
        found = (self.table - _shares(self.table) * self.table.sum(axis=1, keepdims=True)) / self.table.sum()
        return self._up_to(found)

    def rows(self, rng: np.random.Generator) -> Floats:
        """Return draws of the error that independent rows would make."""
        return self._up_to(_row_noise(self.table.sum(axis=0), rng))

    def _up_to(self, elements: Floats) -> Floats:
        return np.cumsum(elements, axis=1)[:, :-1] if self.cumulative else elements


def _side_noise(side: _Counted, rng: np.random.Generator, alike: float) -> _SideNoise:
    rows, residuals = side.rows(rng), side.residuals
    blocks = len(residuals)
    if not blocks:
        return _SideNoise(noise=rows, half_width=Z_95 * rows.std(axis=0))
    from scipy.stats import t

    degrees = max(1.0, blocks / alike - 1)
    residuals = residuals * math.sqrt(alike * blocks / (blocks - 1))
    variance = (residuals**2).sum(axis=0)
    row_variance = rows.var(axis=0)
    missing = np.maximum(row_variance - variance, 0)
    drawn = rng.standard_normal((DRAWS, blocks)) @ residuals
    drawn *= np.sqrt(degrees / rng.chisquare(degrees, size=(DRAWS, 1)))
    noise = drawn + rows * np.sqrt(missing / np.maximum(row_variance, 1e-300))
    half_width = np.hypot(float(t.ppf(0.975, degrees)) * np.sqrt(variance), Z_95 * np.sqrt(missing))
    return _SideNoise(noise=noise, half_width=half_width, degrees=degrees)


def _times_alike(sides: Sequence[Floats]) -> float:
    """Return how many blocks in a row say the same: the long-run variance over that of independent blocks, at least 1.

    Notes
    -----
    ``1 + 2 sum (1 - k / L) r_k`` with the weights of Bartlett (Newey and West 1987), ``L = 2 n^(1/3)``, from the
    autocorrelations of all elements and both sides together, each ``1 / n`` too small for the mean that was taken away.
    """
    blocks = sum(len(residuals) for residuals in sides)
    reach = round(2 * max(len(residuals) for residuals in sides) ** (1 / 3))
    found = 1.0
    for lag in range(1, reach):
        correlations = [len(residuals) * _correlation(residuals, lag) for residuals in sides]
        found += 2 * (1 - lag / reach) * (sum(correlations) + sum(1 for r in sides if len(r))) / blocks
    return max(1.0, found)


def _correlation(residuals: Floats, lag: int) -> float:
    own = float((residuals**2).sum())
    return float((residuals[lag:] * residuals[:-lag]).sum()) / own if own else 0.0


def _row_noise(bins: Floats, rng: np.random.Generator) -> Floats:
    # two rows more, spread over the bins (Agresti and Caffo): a share of 0 or 1 of few rows is not known exactly
    total = bins.sum() + 2
    shares = (bins + 2 / bins.size) / total
    drawn = rng.standard_normal((DRAWS, bins.size)) * np.sqrt(shares)
    return (drawn - shares * drawn.sum(axis=1, keepdims=True)) / math.sqrt(total)

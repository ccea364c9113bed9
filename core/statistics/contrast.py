"""How two distributions, counted in blocks and bins, differ: with what chance alone would do to the difference."""

import math
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
    blocks of the two sides may differ in size, and never less than independent rows would.
    """
    rng = fixed_generator()
    one, other = (_side_noise(table, rng, independent, cumulative) for table in (first, second))
    difference = _shares(second) - _shares(first)
    return Contrast(
        difference=np.cumsum(difference)[:-1] if cumulative else difference,
        noise=one[0] + other[0],
        half_width=np.hypot(one[1], other[1]),
        degrees=math.inf if independent else min(first.shape[0], second.shape[0]) - 1,
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


def _side_noise(table: Floats, rng: np.random.Generator, independent: bool, cumulative: bool) -> tuple[Floats, Floats]:
    rows = _row_noise(table.sum(axis=0), rng)
    rows = np.cumsum(rows, axis=1)[:, :-1] if cumulative else rows
    blocks = table.shape[0]
    if independent or blocks < 2:
        return rows, Z_95 * rows.std(axis=0)
    from scipy.stats import t

    residuals = (table - _shares(table) * table.sum(axis=1, keepdims=True)) / table.sum()
    residuals *= math.sqrt(blocks / (blocks - 1))
    residuals = np.cumsum(residuals, axis=1)[:, :-1] if cumulative else residuals
    variance = (residuals**2).sum(axis=0)
    row_variance = rows.var(axis=0)
    missing = np.maximum(row_variance - variance, 0)
    drawn = rng.standard_normal((DRAWS, blocks)) @ residuals
    drawn *= np.sqrt((blocks - 1) / rng.chisquare(blocks - 1, size=(DRAWS, 1)))
    noise = drawn + rows * np.sqrt(missing / np.maximum(row_variance, 1e-300))
    return noise, np.hypot(float(t.ppf(0.975, blocks - 1)) * np.sqrt(variance), Z_95 * np.sqrt(missing))


def _row_noise(bins: Floats, rng: np.random.Generator) -> Floats:
    # two rows more, spread over the bins (Agresti and Caffo): a share of 0 or 1 of few rows is not known exactly
    total = bins.sum() + 2
    shares = (bins + 2 / bins.size) / total
    drawn = rng.standard_normal((DRAWS, bins.size)) * np.sqrt(shares)
    return (drawn - shares * drawn.sum(axis=1, keepdims=True)) / math.sqrt(total)

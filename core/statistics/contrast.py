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

    ``noise`` holds draws of the sampling error of ``difference``, one a line; ``error`` is each element's standard
    error and ``half_width`` half of its 95 % interval, from Student's t with ``degrees`` of freedom where blocks are
    resampled. ``open_share`` is what few blocks leave open of a difference, as a share of it.
    """

    difference: Floats
    noise: Floats
    error: Floats
    half_width: Floats
    degrees: float = math.inf
    open_share: float = 0.0


def contrast(first: Floats, second: Floats, *, independent: bool, cumulative: bool) -> Contrast:
    """Contrast two tables of counts (blocks x bins; one line each where rows are independent).

    Notes
    -----
    The error of a side has two parts: independent rows (two rows more, spread over the bins: Agresti and Caffo), and
    what its blocks differ by on top of that. A week of seven days hardly shows how days differ, and a reference of
    sixty does: the spread between days is taken from both sides together, or from the side alone where that is wider.
    Blocks are in order (days): where one is like the next, a storm that lasts, there are fewer independent ones, and
    the error grows by as much.
    """
    rng = fixed_generator()
    sides = [_Counted(table=table, cumulative=cumulative) for table in (first, second)]
    drawn = [side.rows(rng) for side in sides]
    rows, row_variance = drawn[0] + drawn[1], drawn[0].var(axis=0) + drawn[1].var(axis=0)
    difference = _shares(second) - _shares(first)
    difference = np.cumsum(difference)[:-1] if cumulative else difference
    if independent or max(len(side.table) for side in sides) == 1:
        error = np.sqrt(row_variance)
        return Contrast(difference=difference, noise=rows, error=error, half_width=Z_95 * error)
    between = _between_blocks(sides, drawn, rng)
    from scipy.stats import t

    wide, open_share = float(t.ppf(0.975, between.degrees)), _open_share(*(len(side.table) for side in sides))
    return Contrast(
        difference=difference,
        noise=rows + between.noise,
        error=np.sqrt(row_variance + between.variance),
        half_width=np.hypot(
            Z_95 * np.sqrt(row_variance), wide * np.hypot(np.sqrt(between.variance), open_share * difference)
        ),
        degrees=between.degrees,
        open_share=open_share,
    )


def _open_share(first: int, second: int) -> float:
    # two blocks more a side, distributed as both sides together (after Agresti and Caffo): what seven days have in
    # common, an eighth need not
    return math.sqrt(2) * math.hypot(second / (first + 2), first / (second + 2)) / (first + second)


def _shares(table: Floats) -> Floats:
    return table.sum(axis=0) / table.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Between:
    """What the blocks of both sides add to the error of independent rows."""

    noise: Floats
    variance: Floats
    degrees: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The counts of one side, blocks x bins."""

    table: Floats
    cumulative: bool

    @property
    def residuals(self) -> Floats:
        """Return what each block adds to the error of the shares."""
        found = (self.table - _shares(self.table) * self.table.sum(axis=1, keepdims=True)) / self.table.sum()
        blocks = len(self.table)
        return self._up_to(found) * math.sqrt(blocks / max(blocks - 1, 1))

    @property
    def concentration(self) -> float:
        """Return the sum of squared weights of the blocks: one over how many of equal size they count for."""
        sizes = self.table.sum(axis=1)
        return float((sizes**2).sum() / sizes.sum() ** 2)

    def rows(self, rng: np.random.Generator) -> Floats:
        """Return draws of the error that independent rows would make."""
        return self._up_to(_row_noise(self.table.sum(axis=0), rng))

    def _up_to(self, elements: Floats) -> Floats:
        return np.cumsum(elements, axis=1)[:, :-1] if self.cumulative else elements


def _between_blocks(sides: Sequence[_Counted], drawn: Sequence[Floats], rng: np.random.Generator) -> _Between:
    residuals = [side.residuals for side in sides]
    alike = _times_alike(residuals)
    degrees = max(1.0, sum(len(one) for one in residuals) / alike - 2)
    together = np.concatenate([one / math.sqrt(side.concentration) for one, side in zip(residuals, sides, strict=True)])
    seen = (together**2).sum(axis=0)
    variance = np.where(seen > 0, _beyond_rows(sides, [one.var(axis=0) for one in drawn], alike), 0.0)
    noise = rng.standard_normal((DRAWS, len(together))) @ (together * np.sqrt(variance / np.maximum(seen, 1e-300)))
    noise *= np.sqrt(degrees / rng.chisquare(degrees, size=(DRAWS, 1)))
    return _Between(noise=noise, variance=variance, degrees=degrees)


def _beyond_rows(sides: Sequence[_Counted], rows: Sequence[Floats], alike: float) -> Floats:
    """Return the variance of both sides' shares beyond that of independent ``rows``."""
    own = [(side.residuals**2).sum(axis=0) for side in sides]
    more = [(one - row) / side.concentration for one, row, side in zip(own, rows, sides, strict=True)]
    spread = np.maximum(0, np.average(more, axis=0, weights=[len(side.table) - 1 for side in sides]))
    usual = [row + spread * side.concentration for row, side in zip(rows, sides, strict=True)]
    wider = [np.maximum(one, other) for one, other in zip(own, usual, strict=True)]
    return np.sum([np.maximum(0, alike * one - row) for one, row in zip(wider, rows, strict=True)], axis=0)


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
        found += 2 * (1 - lag / reach) * (sum(correlations) + sum(1 for r in sides if len(r) > 1)) / blocks
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

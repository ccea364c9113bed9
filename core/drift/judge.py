"""What judges a column by default: what it is given and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.statistics.blocks import Codes, Floats
from core.statistics.estimate import Interval
from core.statistics.evidence import AtLeast


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One column of one table; ``blocks`` is the block of every row, ``None`` where rows are independent."""

    values: pl.Series
    blocks: Codes | None

    def present(self) -> "Side":
        """Return the rows that have a value."""
        kept = self.values.is_not_null()
        if kept.all():
            return self
        blocks = None if self.blocks is None else self.blocks[kept.to_numpy()]
        return Side(values=self.values.filter(kept), blocks=blocks)

    @property
    def units(self) -> int:
        """Return the number of independent units: blocks, or rows where these are independent."""
        return len(self.values) if self.blocks is None else int(np.unique(self.blocks).size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a judge finds.

    ``statistic`` is the distance as it is measured, ``effect`` what is left of it when the part that chance alone
    brings is taken away. ``at_least`` is its evidence: a lower end, and the p-value that agrees with it. ``upper`` is
    the upper end of its 95 % interval. ``smallest`` is the distance that data like these would have shown four times
    out of five.
    """

    statistic: float
    effect: float
    at_least: AtLeast
    upper: float
    smallest: float
    note: str

    def interval(self, errors: float) -> Interval:
        """Return the interval of the effect, its lower end above the truth in so large a share of samples at most."""
        return Interval(lower=min(self.effect, self.at_least.lower(errors)), upper=self.upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The default of a kind; ``compare`` takes reference and current, ``margin`` is the effect that matters."""

    name: str
    title: str
    kinds: tuple[str, ...]
    margin: float
    compare: Callable[[Side, Side], Shift]


def beyond_chance(statistic: float, by_chance: Floats) -> float:
    """Return the distance without the part that chance brings: squares add up, as in Cramer's corrected V."""
    return float(np.sqrt(max(0.0, statistic**2 - float(np.median(by_chance)) ** 2)))


def smallest_shown(by_chance: Floats) -> float:
    """Return the distance that would have been told from chance four times out of five."""
    reach, spread = np.quantile(by_chance, 0.95), by_chance.std()
    return float(min(1.0, reach + 0.84 * spread))

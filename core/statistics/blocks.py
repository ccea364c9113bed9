"""Blocks: the units (days, users, machines) that may be resampled because the rows inside one are not independent."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

MIN_BLOCKS = 5
"""Fewer blocks cannot show how much blocks differ: nothing is resampled, and nothing is decided."""

MAX_UNITS = 400
"""More blocks than this are pooled at random into so many units; the interval's width then varies by 3.5 %."""

_SEED = 20130701


def fixed_generator() -> np.random.Generator:
    """Return a generator with the seed that every call shares, so that the same data give the same interval."""
    return np.random.default_rng(_SEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The block of every row as a code, and the unit that is resampled with it.

    A unit is a block, or a random pool of blocks where there are more than ``MAX_UNITS``.
    """

    codes: Codes
    units: Codes
    n_units: int

    def count(self, rows: NDArray[np.bool_]) -> int:
        """Return how many blocks have at least one of ``rows``."""
        return int(np.unique(self.codes[rows]).size)

    def sums(self, values: NDArray[Any]) -> Floats:
        """Return the sum of ``values`` (one a row) in every unit."""
        return np.bincount(self.units, weights=values, minlength=self.n_units).astype(np.float64)

    def rows(self, rows: slice | NDArray[np.bool_]) -> "Blocks":
        """Return the blocks of some rows, coded as in the whole."""
        return Blocks(codes=self.codes[rows], units=self.units[rows], n_units=self.n_units)


def code_blocks(names: NDArray[Any]) -> Blocks:
    """Code the block of every row by the sorted order of the names: the order of the rows changes nothing."""
    texts = names.tolist()
    index = {name: code for code, name in enumerate(sorted(set(texts)))}
    codes = np.fromiter((index[text] for text in texts), dtype=np.intp, count=len(texts))
    if len(index) <= MAX_UNITS:
        return Blocks(codes=codes, units=codes, n_units=len(index))
    pools = fixed_generator().permutation(len(index)) % MAX_UNITS
    return Blocks(codes=codes, units=pools[codes], n_units=MAX_UNITS)


def every_row(n: int) -> Blocks:
    """Return the blocks of ``n`` independent rows: each is a unit of its own, however many there are."""
    rows = np.arange(n)
    return Blocks(codes=rows, units=rows, n_units=n)


def bootstrap_weights(n_units: int, repeats: int, rng: np.random.Generator) -> Floats:
    """Draw how often each unit is taken when ``n_units`` are drawn with replacement: one row a repeat."""
    drawn = rng.integers(0, n_units, size=(repeats, n_units)) + np.arange(repeats)[:, None] * n_units
    return np.bincount(drawn.ravel(), minlength=repeats * n_units).reshape(repeats, n_units).astype(np.float64)

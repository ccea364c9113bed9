"""Counts in buckets that grow coarser as more of them are filled: what quantiles are read from.

Counts merge exactly: the buckets of two parts, added, are the buckets of the whole, however it was cut (the resolution
depends on nothing but which finest buckets hold a value). After DDSketch (Masson and others 2019) and its uniform
collapse, UDDSketch (Epicoco and others 2020).
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.frames.moments import Floats

MOST_BUCKETS = 1_024
"""Buckets that may hold a value; above, each two neighbours become one."""

FINEST = 0.00125
"""Relative error of a quantile in the finest buckets of numbers. Each coarsening about doubles it: it is at most 0.01
while the numbers of one sign lie within eight powers of ten, wherever these are."""

WIDTH = math.log((1 + FINEST) / (1 - FINEST))
"""Width of the finest bucket of numbers, on the scale of the natural logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """How many values fall into each bucket that holds any; at each ``level`` a bucket is two of the level below."""

    level: int = 0
    places: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Return the number of values."""
        return sum(self.counts)

    def __add__(self, other: "Buckets") -> "Buckets":
        if not self.places or not other.places:
            return self if self.places else other
        level = max(self.level, other.level)
        places = [np.asarray(side.places, dtype=np.int64) >> (level - side.level) for side in (self, other)]
        counts = np.concatenate([np.asarray(side.counts, dtype=np.int64) for side in (self, other)])
        return _fitted(np.concatenate(places), counts, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Numbers in logarithmic buckets, one set a sign; or times in buckets of equal width, seconds at the finest."""

    linear: bool = False
    negative: Buckets = field(default_factory=Buckets)
    zeros: int = 0
    positive: Buckets = field(default_factory=Buckets)

    @property
    def within(self) -> float:
        """Return how far a quantile may lie from the true one: a share of it; for times, seconds."""
        if self.linear:
            return 0.5 * 2.0**self.positive.level
        levels = [side.level for side in (self.negative, self.positive) if side.places]
        return math.tanh(WIDTH * 2 ** max(levels) / 2) if levels else 0.0

    def __add__(self, other: "Sketch") -> "Sketch":
        return Sketch(
            linear=self.linear,
            negative=self.negative + other.negative,
            zeros=self.zeros + other.zeros,
            positive=self.positive + other.positive,
        )

    def spread(self) -> tuple[Floats, NDArray[np.int64]]:
        """Return a value for each bucket, increasing, and how many values it stands for."""
        above = _middles(self.positive) if not self.linear else _instants(self.positive)
        values = np.concatenate([-_middles(self.negative)[::-1], np.zeros(1), above])
        counts = np.concatenate([self.negative.counts[::-1], [self.zeros], self.positive.counts]).astype(np.int64)
        return values[counts > 0], counts[counts > 0]


def log_sketch(values: Floats, times: NDArray[np.int64] | None = None) -> Sketch:
    """Sketch finite numbers, each of which counts as many ``times``."""
    below, above = values < 0, values > 0
    neither = ~(below | above)
    return Sketch(
        negative=_counted(log_places(-values[below]), None if times is None else times[below]),
        zeros=int(neither.sum() if times is None else times[neither].sum()),
        positive=_counted(log_places(values[above]), None if times is None else times[above]),
    )


def time_sketch(seconds: Floats, times: NDArray[np.int64] | None = None) -> Sketch:
    """Sketch moments, given as seconds since 1970, each of which counts as many ``times``."""
    return Sketch(linear=True, positive=_counted(np.floor(seconds).astype(np.int64), times))


def log_places(values: Floats) -> NDArray[np.int64]:
    """Return the finest bucket of each positive number."""
    return np.floor(np.log(values) / WIDTH).astype(np.int64)


def buckets_of(places: NDArray[np.int64], counts: NDArray[np.int64]) -> Buckets:
    """Return buckets from places at the finest level and their counts, as an engine has grouped them."""
    return _fitted(places, counts, 0)


def quantiles(values: Floats, counts: NDArray[np.int64], shares: tuple[float, ...]) -> Floats:
    """Return quantiles of increasing ``values`` that occur so many times, interpolated as ``numpy.quantile`` does."""
    upto = np.cumsum(counts)
    ranks = np.asarray(shares) * (upto[-1] - 1)
    low = values[np.searchsorted(upto, np.floor(ranks), side="right")]
    high = values[np.searchsorted(upto, np.ceil(ranks), side="right")]
    return low + (high - low) * (ranks - np.floor(ranks))


def run_lengths(ordered: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the different values of a sorted array and how often each occurs."""
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(ordered), 1), dtype=bool), ordered[1:] != ordered[:-1]]))
    return ordered[starts], np.diff(starts, append=len(ordered))


def _counted(places: NDArray[np.int64], times: NDArray[np.int64] | None) -> Buckets:
    return buckets_of(places, times) if times is not None else buckets_of(*run_lengths(np.sort(places)))


def _fitted(places: NDArray[np.int64], counts: NDArray[np.int64], level: int) -> Buckets:
    """Coarsen until few enough buckets are filled."""
    if not len(places):
        return Buckets()
    order = np.argsort(places, kind="stable")  # next to nothing to do where they are in order already
    places, counts = places[order], counts[order]
    while True:
        kept, runs = run_lengths(places)
        counts = np.add.reduceat(counts, np.cumsum(runs) - runs)
        if len(kept) <= MOST_BUCKETS:
            return Buckets(level=level, places=tuple(kept.tolist()), counts=tuple(counts.tolist()))
        places, level = kept >> 1, level + 1


def _middles(buckets: Buckets) -> Floats:
    """Return for each bucket the value whose relative distance from both ends is the same."""
    width = WIDTH * 2**buckets.level
    with np.errstate(all="ignore"):
        return np.exp(np.asarray(buckets.places, dtype=np.float64) * width) * (1 + math.tanh(width / 2))


def _instants(buckets: Buckets) -> Floats:
    width = 2.0**buckets.level
    return (np.asarray(buckets.places, dtype=np.float64) + 0.5) * width

"""Counts between fixed edges: they add where the edges are the same."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInput
from core.frames.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts between increasing edges (the last bin holds its upper edge), and of what lies outside them."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0

    def __add__(self, other: "Histogram") -> "Histogram":
        if self.edges != other.edges:
            raise InvalidInput("Two histograms with different edges cannot be added: count both on the same edges.")
        return Histogram(
            edges=self.edges,
            counts=tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            below=self.below + other.below,
            above=self.above + other.above,
        )


def count_sorted(values: Floats, edges: Sequence[float]) -> Histogram:
    """Count sorted finite values between increasing ``edges``."""
    limits = np.asarray(edges, dtype=np.float64)
    places = np.searchsorted(values, limits, side="left")
    places[-1] = np.searchsorted(values, limits[-1], side="right")
    return Histogram(
        edges=tuple(float(edge) for edge in limits),
        counts=tuple(int(count) for count in np.diff(places)),
        below=int(places[0]),
        above=int(len(values) - places[-1]),
    )

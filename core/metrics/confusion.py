"""The four kinds of rows at a cut: what several metrics are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.metrics.labelled import binary
from core.metrics.metric import Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.resampling import Resample

Rows = NDArray[np.bool_]
OfCounts = Callable[[Floats, Floats, Floats, Floats], Floats]
"""Rows found, missed, falsely flagged and rightly left, one value a repeat, to one value a repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Which labelled rows a model finds, misses, flags falsely, and leaves rightly: says yes above a cut."""

    found: Rows
    missed: Rows
    false: Rows
    left: Rows

    @property
    def known(self) -> Rows:
        """Return the rows that have a label and a score."""
        return self.found | self.missed | self.false | self.left

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return how many rows were found, missed, falsely flagged and rightly left."""
        return int(self.found.sum()), int(self.missed.sum()), int(self.false.sum()), int(self.left.sum())

    def resample(self, statistic: OfCounts, blocks: Blocks) -> Resample:
        """Return how to resample a statistic of the four counts."""
        sums = np.column_stack([blocks.sums(rows) for rows in (self.found, self.missed, self.false, self.left)])

        def resampled(weights: Floats) -> Floats:
            found, missed, false, left = (weights @ sums).T
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(statistic(found, missed, false, left), dtype=np.float64)

        return resampled


def confusion(outcomes: Outcomes, parameters: Mapping[str, float]) -> Confusion:
    """Return the four kinds of rows at the cut.

    Raises
    ------
    InvalidInput
        Labels or scores are missing altogether, or are not those of a binary task.
    """
    positive, score, known = binary(outcomes)
    flagged = score > parameters["cut"]
    negative = known & ~positive
    return Confusion(
        found=positive & flagged, missed=positive & ~flagged, false=negative & flagged, left=negative & ~flagged
    )

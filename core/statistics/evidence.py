"""A distance from below: what of it chance cannot have made, and how rarely chance makes as much.

One construction gives both: the p-value is the smallest share of errors at which the lower end is above 0.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.statistics.blocks import Floats

_TIES = 1 + 1e-12
"""Draws of discrete counts repeat what was observed, but for rounding."""


class AtLeast(Protocol):
    """What a distance is at least: a lower end for any share of errors, and the p-value that agrees with it."""

    @property
    def p_value(self) -> float:
        """Return the smallest share of errors at which the lower end is above 0."""
        ...

    def lower(self, errors: float) -> float:
        """Return the lower end that is above the true distance in that share of samples, or in fewer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Estimates of which none is larger than the distance but by chance, each with its standard error.

    ``chance`` holds draws of the largest deviation of any estimate, in its standard error, where nothing differs.
    ``open_share`` is what few blocks leave open of an estimate, as a share of it: one more standard error.

    Notes
    -----
    With ``c`` such that chance brings a deviation of ``c`` standard errors or more, anywhere, in so many samples, all
    true values are within ``c`` of their estimates in all others: the distance is at least the largest of
    ``estimate - c * error`` (a simultaneous band, studentised). Beyond the draws, Bonferroni over the estimates and
    Student's t with ``degrees`` of freedom tell how rare a deviation is.
    """

    estimates: Floats
    errors: Floats
    chance: Floats
    degrees: float
    open_share: float = 0.0

    @property
    def p_value(self) -> float:
        """Return how often chance brings as large a deviation."""
        largest = float((self.estimates / self.errors).max())
        reached = int((self.chance * _TIES >= largest).sum())
        drawn = (1 + reached) / (1 + self.chance.size)
        return drawn if reached else min(drawn, self._rarity(self._with_open(largest)))

    @property
    def effect(self) -> float:
        """Return the distance without the part that chance brings: squares add up, as in Cramer's corrected V."""
        left = self.estimates**2 - (float(np.median(self.chance)) * self.errors) ** 2
        return math.sqrt(max(0.0, float(left.max())))

    def lower(self, errors: float) -> float:
        """Return the lower end of the distance, 0 or more."""
        whole = np.hypot(self.errors, self.open_share * self.estimates)
        return max(0.0, float((self.estimates - self._critical(errors) * whole).max()))

    def _critical(self, errors: float) -> float:
        allowed = int(errors * (1 + self.chance.size) * _TIES) - 1
        if allowed >= 0:
            place = max(0, self.chance.size - 1 - allowed)
            return self._with_open(float(np.partition(self.chance, place)[place]) * _TIES)
        from scipy.stats import t

        beyond = float(t.isf(errors / (2 * self.estimates.size), self.degrees))
        return max(self._with_open(float(self.chance.max()) * _TIES), beyond)

    def _rarity(self, deviation: float) -> float:
        from scipy.stats import t

        return min(1.0, 2 * self.estimates.size * float(t.sf(deviation, self.degrees)))

    def _with_open(self, deviation: float) -> float:
        """Return a deviation in standard errors that hold what is left open."""
        return deviation / math.hypot(1.0, self.open_share * deviation)

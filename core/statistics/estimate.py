"""A number that says how far it can be trusted: what every metric, drift measure and comparison returns."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval, both ends included."""

    lower: float
    upper: float

    def contains(self, value: float) -> bool:
        """Tell whether ``value`` lies inside, ends included."""
        return self.lower <= value <= self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measured value with its interval and what it was measured on.

    Parameters
    ----------
    value
        The point estimate, in the metric's own unit.
    interval
        ``None`` where the value is a count of a whole (nothing was sampled) or could not be resampled.
    level
        Confidence level of the interval, 0-1.
    n
        Rows that the value rests on.
    n_blocks
        Independent units (days, users; rows where rows are independent) that were resampled.
    as_of
        Time up to which labels were known, UTC.
    """

    value: float
    interval: Interval | None = None
    level: float = 0.95
    n: int
    n_blocks: int
    as_of: datetime | None = None

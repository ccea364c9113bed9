"""The comparison of one column between reference and current."""

from dataclasses import dataclass
from enum import StrEnum

from core.statistics.estimate import Interval


class DriftVerdict(StrEnum):
    """What a comparison says about a column."""

    DRIFTED = "drifted"
    STABLE = "stable"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDrift:
    """One column's comparison; no field means two things.

    ``effect`` is a distance of distributions, 0-1, with its ``interval``; ``margin`` is the effect that begins to
    matter; ``q_value`` is ``p_value`` after Benjamini-Hochberg over the columns of the comparison, or as among twenty
    where there are fewer. The lower end is above 0 where, and only where, the q-value is 0.05 or less: the interval
    allows for the columns having been picked out of many (Benjamini and Yekutieli 2005). Drifted: it is, and the effect
    is at or beyond the margin. Stable: the upper end is within the margin. ``n_blocks`` counts the current window's
    independent units, and ``n_reference_blocks`` the reference's (``None`` in what an early release compared).
    ``p_value`` is that of the worst of ``n_tests`` (values, missing). ``note`` says in words what moved, or why there
    is no verdict. ``cause`` is the sentence of a mechanical cause that explains the difference, where two files were
    compared; else it is empty.
    """

    column: str
    kind: str
    verdict: DriftVerdict
    method: str
    statistic: float | None = None
    effect: float | None = None
    interval: Interval | None = None
    margin: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    n_reference: int
    n_current: int
    n_blocks: int
    n_reference_blocks: int | None = None
    n_tests: int = 0
    note: str = ""
    cause: str = ""

    @property
    def p_of_column(self) -> float | None:
        """Return the p-value of the column as a whole: that of its worst test, for having been picked out of them."""
        return None if self.p_value is None else min(1.0, self.p_value * max(1, self.n_tests))

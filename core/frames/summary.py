"""The summary of a column: a commutative monoid. ``summarise(a)["x"] + summarise(b)["x"]`` is the summary of both.

Chunks, days, threads and Spark partitions use the one ``+``; profiles and charts read summaries, never rows.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.frames.buckets import Sketch, quantiles
from core.frames.histogram import Histogram
from core.frames.moments import Floats, Moments

Kind = Literal["number", "text", "time", "boolean"]
Level = float | str | bool
Levels = Mapping[Level, int]

MAX_LEVELS = 1_000
"""Different values that are counted one by one; beyond, a column has "more than 1,000" and no table of them."""

MAX_LETTERS = 100_000
"""Letters that the counted texts of a column may have together; longer ones are not counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Figures of finite numbers: those of the column, the seconds of its times, or the lengths of its texts.

    ``minimum`` and ``maximum`` are exact: whole numbers stay whole, times are whole microseconds since 1970.
    """

    minimum: float | None = None
    maximum: float | None = None
    moments: Moments = field(default_factory=Moments)
    sketch: Sketch = field(default_factory=Sketch)

    def __add__(self, other: "Numbers") -> "Numbers":
        if self.minimum is None or self.maximum is None or other.minimum is None or other.maximum is None:
            return other if self.minimum is None else self
        return Numbers(
            minimum=min(self.minimum, other.minimum),
            maximum=max(self.maximum, other.maximum),
            moments=self.moments + other.moments,
            sketch=self.sketch + other.sketch,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSummary:
    """Figures of one column.

    ``levels`` counts each value (times as microseconds since 1970), ``shapes`` each shape of a text; both are ``None``
    where there are too many. ``count`` is of all rows; ``type`` is the column's own, in words.
    """

    kind: Kind
    type: str = ""
    count: int = 0
    nulls: int = 0
    nans: int = 0
    infinities: int = 0
    numbers: Numbers = field(default_factory=Numbers)
    levels: Levels | None = field(default_factory=dict[Level, int])
    shapes: Mapping[str, int] | None = field(default_factory=dict[str, int])
    histogram: Histogram | None = None

    @property
    def present(self) -> int:
        """Return the number of cells with a value (NaN is none)."""
        return self.count - self.nulls - self.nans

    @property
    def distinct(self) -> int | None:
        """Return the number of different finite values; ``None`` means more than are counted one by one."""
        return None if self.levels is None else len(self.levels)

    @property
    def exact(self) -> bool:
        """Tell whether quantiles are exact: every value is counted."""
        return self.levels is not None

    @property
    def quantiles_within(self) -> float:
        """Return how far a quantile may be from the true one: a share of it; for times, seconds."""
        return 0.0 if self.exact else self.numbers.sketch.within

    def quantiles(self, *shares: float) -> Floats:
        """Return quantiles of the numbers (times as seconds since 1970); NaN where there are none."""
        if self.numbers.minimum is None or self.numbers.maximum is None:
            return np.full(len(shares), np.nan)
        unit = 1e6 if self.kind == "time" else 1.0
        values, counts = self._counted() if self.kind in ("number", "time") else self.numbers.sketch.spread()
        found = quantiles(values, counts, shares)
        return np.clip(found, self.numbers.minimum / unit, self.numbers.maximum / unit)

    def _counted(self) -> tuple[Floats, NDArray[np.int64]]:
        if self.levels is None:
            return self.numbers.sketch.spread()
        levels = sorted(self.levels.items())
        unit = 1e6 if self.kind == "time" else 1.0
        values, counts = zip(*levels, strict=True)
        return np.asarray(values, dtype=np.float64) / unit, np.asarray(counts, dtype=np.int64)

    def __add__(self, other: "ColumnSummary") -> "ColumnSummary":
        if self.kind != other.kind:
            raise InvalidInput(f"A column of kind {self.kind} cannot be added to one of kind {other.kind}.")
        if not self.count or not other.count:
            return self if self.count else other
        return ColumnSummary(
            kind=self.kind,
            type=self.type if self.type == other.type else "mixed",
            count=self.count + other.count,
            nulls=self.nulls + other.nulls,
            nans=self.nans + other.nans,
            infinities=self.infinities + other.infinities,
            numbers=self.numbers + other.numbers,
            levels=_added(self.levels, other.levels),
            shapes=_added(self.shapes, other.shapes),
            histogram=self.histogram + other.histogram if self.histogram and other.histogram else None,
        )


def kind_of(dtype: pl.DataType) -> Kind:
    """Return the kind of a Polars type; what is neither number, time nor truth value counts as text."""
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal() and not isinstance(dtype, (pl.Time, pl.Duration)):
        return "time"
    return "boolean" if dtype == pl.Boolean else "text"


def capped(counts: Mapping[Any, int]) -> Mapping[Any, int] | None:
    """Return counts of values, or ``None`` where these are too many or too long to be kept."""
    if len(counts) > MAX_LEVELS or sum(len(value) for value in counts if isinstance(value, str)) > MAX_LETTERS:
        return None
    return counts


def _added(left: Mapping[Any, int] | None, right: Mapping[Any, int] | None) -> Mapping[Any, int] | None:
    return None if left is None or right is None else capped(dict(Counter(left) + Counter(right)))

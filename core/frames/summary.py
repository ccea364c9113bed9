"""The summary of a column: a commutative monoid. ``summarise(a)["x"] + summarise(b)["x"]`` is the summary of both.

Chunks, days and threads use the one ``+``; profiles and charts read summaries, never rows.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np
import polars as pl

from core.errors import InvalidInput

Kind = Literal["number", "text", "time", "boolean"]
Value = float | str | bool | date | datetime

MAX_LEVELS = 1_000  # beyond it a column has "more than 1,000" values and no table of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts between fixed edges (the last bin holds its upper edge), and of what lies outside them."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSummary:
    """Figures of one column.

    ``mean`` and ``squares`` (the sum of squared distances from the mean) are of the finite numbers, as are ``minimum``
    and ``maximum``. ``levels`` counts each value and is ``None`` above ``MAX_LEVELS`` of them.
    """

    kind: Kind
    count: int = 0
    nulls: int = 0
    nans: int = 0
    infinities: int = 0
    zeros: int = 0
    mean: float = 0.0
    squares: float = 0.0
    minimum: Value | None = None
    maximum: Value | None = None
    levels: Mapping[Value, int] | None = None
    histogram: Histogram | None = None

    @property
    def present(self) -> int:
        """Return the number of finite values."""
        return self.count - self.nulls - self.nans - self.infinities

    @property
    def distinct(self) -> int | None:
        """Return the number of distinct values; ``None`` means more than ``MAX_LEVELS``."""
        return None if self.levels is None else len(self.levels)

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation of the finite numbers."""
        return math.sqrt(self.squares / (self.present - 1)) if self.kind == "number" and self.present > 1 else None

    def __add__(self, other: "ColumnSummary") -> "ColumnSummary":
        if self.kind != other.kind:
            raise InvalidInput(f"A column of kind {self.kind} cannot be added to one of kind {other.kind}.")
        mean, squares = _moments(self, other)
        return ColumnSummary(
            kind=self.kind,
            count=self.count + other.count,
            nulls=self.nulls + other.nulls,
            nans=self.nans + other.nans,
            infinities=self.infinities + other.infinities,
            zeros=self.zeros + other.zeros,
            mean=mean,
            squares=squares,
            minimum=_extreme(self.minimum, other.minimum, low=True),
            maximum=_extreme(self.maximum, other.maximum, low=False),
            levels=_levels(self.levels, other.levels),
            histogram=self.histogram + other.histogram if self.histogram and other.histogram else None,
        )


def kind_of(dtype: pl.DataType) -> Kind:
    """Return the kind of a Polars type; what is neither number, time nor truth value counts as text."""
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal() and not isinstance(dtype, (pl.Time, pl.Duration)):
        return "time"
    return "boolean" if dtype == pl.Boolean else "text"


def summarise(
    frame: pl.DataFrame, *, edges: Mapping[str, Sequence[float]] | None = None
) -> Mapping[str, ColumnSummary]:
    """Summarise every column; those named in ``edges`` get a histogram (times as seconds since 1970)."""
    wanted = edges or {}
    return {name: summarise_series(frame[name], edges=wanted.get(name)) for name in frame.columns}


def summarise_series(series: pl.Series, *, edges: Sequence[float] | None = None) -> ColumnSummary:
    """Summarise one column."""
    kind = kind_of(series.dtype)
    if kind == "text" and series.dtype != pl.String:
        series = series.cast(pl.String)
    present, nans, infinities = _finite(series)
    numbers = present.cast(pl.Float64) if kind == "number" else None
    mean = float(numbers.mean() or 0.0) if numbers is not None else 0.0  # pyright: ignore[reportArgumentType]
    return ColumnSummary(
        kind=kind,
        count=len(series),
        nulls=series.null_count(),
        nans=nans,
        infinities=infinities,
        zeros=int((numbers == 0).sum()) if numbers is not None else 0,
        mean=mean,
        squares=float(((numbers - mean) ** 2).sum()) if numbers is not None else 0.0,
        minimum=present.min() if len(present) else None,  # pyright: ignore[reportArgumentType]
        maximum=present.max() if len(present) else None,  # pyright: ignore[reportArgumentType]
        levels=_count_levels(present),
        histogram=count_bins(present, edges) if edges is not None and kind in ("number", "time") else None,
    )


def count_bins(values: pl.Series, edges: Sequence[float]) -> Histogram:
    """Count finite values (times as seconds since 1970) between increasing ``edges``."""
    numbers = seconds(values) if values.dtype.is_temporal() else values.cast(pl.Float64).to_numpy()
    limits = np.asarray(edges, dtype=float)
    counts, _ = np.histogram(numbers, bins=limits)
    return Histogram(
        edges=tuple(float(edge) for edge in limits),
        counts=tuple(int(count) for count in counts),
        below=int((numbers < limits[0]).sum()),
        above=int((numbers > limits[-1]).sum()),
    )


def seconds(times: pl.Series) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return times as seconds since 1970."""
    return times.cast(pl.Datetime("us")).to_physical().to_numpy().astype(float) / 1e6


def _finite(series: pl.Series) -> tuple[pl.Series, int, int]:
    present = series.drop_nulls()
    if not series.dtype.is_float():
        return present, 0, 0
    nans, infinities = int(present.is_nan().sum()), int(present.is_infinite().sum())
    return (present.filter(present.is_finite()) if nans or infinities else present), nans, infinities


def _count_levels(present: pl.Series) -> Mapping[Value, int] | None:
    if present.n_unique() > MAX_LEVELS:
        return None
    counted = present.value_counts(name="count")
    return dict(zip(counted.to_series(0).to_list(), counted["count"].to_list(), strict=True))


def _moments(left: ColumnSummary, right: ColumnSummary) -> tuple[float, float]:
    """Join means and squared distances as Chan, Golub and LeVeque do: exact up to rounding."""
    n, m = left.present, right.present
    if not n or not m:
        side = left if n else right
        return side.mean, side.squares
    gap = right.mean - left.mean
    return (n * left.mean + m * right.mean) / (n + m), left.squares + right.squares + gap * gap * n * m / (n + m)


def _extreme(left: Value | None, right: Value | None, *, low: bool) -> Value | None:
    if left is None or right is None:
        return right if left is None else left
    return (min if low else max)(left, right)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]


def _levels(left: Mapping[Value, int] | None, right: Mapping[Value, int] | None) -> Mapping[Value, int] | None:
    if left is None or right is None:
        return None
    both = dict(Counter(left) + Counter(right))
    return both if len(both) <= MAX_LEVELS else None

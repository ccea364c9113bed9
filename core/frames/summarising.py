"""Columns in, summaries out: of values in memory, or of a Parquet file in one pass, a batch of rows at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.frames.buckets import Sketch, log_sketch, run_lengths, time_sketch
from core.frames.histogram import count_sorted
from core.frames.moments import Floats, moments_of
from core.frames.summary import MAX_LEVELS, ColumnSummary, Kind, Numbers, capped, kind_of
from core.frames.text_shapes import shapes

Summaries = Mapping[str, ColumnSummary]

_NATIVE = {f"{sign}{bits}" for sign in ("Int", "UInt") for bits in (8, 16, 32, 64)} | {"Float32", "Float64"}

_GLANCE = 10_000
_TOGETHER = 1_000_000  # different values at a time

BATCH_CELLS = 8_000_000
"""Cells that are in memory at a time."""


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """The finite values of a column of numbers or times, sorted; times as whole microseconds since 1970."""

    kind: Kind
    nulls: int
    nans: int
    infinities: int
    values: NDArray[Any]

    @cached_property
    def numbers(self) -> Floats:
        """Return the values as floating-point numbers; times as seconds since 1970."""
        return _as_floats(self.values, self.kind)

    @cached_property
    def runs(self) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the different values and how often each occurs."""
        return run_lengths(self.values)

    def sketch(self) -> Sketch:
        """Return the values in buckets, a part at a time: the buckets of the parts add up to those of the whole."""
        different, times = self.runs
        make = time_sketch if self.kind == "time" else log_sketch
        parts = (slice(start, start + _TOGETHER) for start in range(0, max(len(different), 1), _TOGETHER))
        return reduce(add, (make(_as_floats(different[part], self.kind), times[part]) for part in parts))


def _as_floats(values: NDArray[Any], kind: Kind) -> Floats:
    return values / 1e6 if kind == "time" else values.astype(np.float64, copy=False)


def summarise(frame: pl.DataFrame, *, edges: Mapping[str, Sequence[float]] | None = None) -> Summaries:
    """Summarise every column; those named in ``edges`` get a histogram (times as seconds since 1970)."""
    wanted = edges or {}
    return {name: summarise_series(frame[name], edges=wanted.get(name)) for name in frame.columns}


def summarise_parquet(path: Path, *, edges: Mapping[str, Sequence[float]] | None = None) -> Summaries:
    """Summarise every column of a Parquet file of any size in one pass: the sum of the summaries of its batches."""
    total = dict(summarise(pl.read_parquet(path, n_rows=0), edges=edges))
    for batch in batches(path):
        for name, found in summarise(batch, edges=edges).items():
            total[name] += found
    return total


def batches(path: Path, *, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Yield the rows of a Parquet file, so many at a time that no more than ``BATCH_CELLS`` are in memory."""
    with pq.ParquetFile(path) as file:
        width = len(file.schema_arrow) if columns is None else len(columns)
        for batch in file.iter_batches(batch_size=max(1_000, BATCH_CELLS // max(width, 1)), columns=columns):
            yield pl.DataFrame(batch)


def summarise_series(series: pl.Series, *, edges: Sequence[float] | None = None) -> ColumnSummary:
    """Summarise one column."""
    if kind_of(series.dtype) in ("number", "time"):
        return summarise_ordered(order(series), series, edges=edges)
    typed = series if series.dtype == pl.Boolean else series.cast(pl.String)
    return summarise_levels(count_levels(typed), series)


def order(series: pl.Series) -> Ordered:
    """Sort the finite values of a column of numbers or times."""
    kind, present = kind_of(series.dtype), series.drop_nulls()
    if kind == "time":
        times = present.cast(pl.Datetime("us"), strict=False).to_physical().drop_nulls()
        beyond = len(present) - len(times)  # no number of microseconds: as good as infinite
        values: NDArray[Any] = np.sort(times.to_numpy())
        return Ordered(kind=kind, nulls=series.null_count(), nans=0, infinities=beyond, values=values)
    values = np.sort((present if str(series.dtype) in _NATIVE else present.cast(pl.Float64)).to_numpy())
    if values.dtype.kind != "f":
        return Ordered(kind=kind, nulls=series.null_count(), nans=0, infinities=0, values=values)
    low, high, end = np.searchsorted(values, [-np.inf, np.inf, np.nan], side="left")
    low = np.searchsorted(values, -np.inf, side="right")
    values += values.dtype.type(0)  # of the two zeros, one
    return Ordered(
        kind=kind,
        nulls=series.null_count(),
        nans=len(values) - int(end),
        infinities=int(low + end - high),
        values=values[low:high],
    )


def count_levels(series: pl.Series) -> pl.DataFrame:
    """Return ``value`` and ``count`` of a column, the most frequent first, of equal ones the lower; no missing ones."""
    values = series.drop_nulls().alias("value")
    values = values.filter(values.is_not_nan()) if values.dtype.is_float() else values
    if values.head(_GLANCE).n_unique() > 0.5 * _GLANCE:  # mostly different: sorting is cheaper than counting
        runs = values.sort().rle().struct
        counted = pl.DataFrame({"value": runs.field("value"), "count": runs.field("len")})
    else:
        counted = values.value_counts(name="count").sort("value")
    return counted.sort("count", descending=True, maintain_order=True)  # far cheaper than one sort by two keys


def summarise_ordered(ordered: Ordered, series: pl.Series, *, edges: Sequence[float] | None = None) -> ColumnSummary:
    """Summarise a column of numbers or times whose values are sorted already."""
    values, numbers = ordered.values, ordered.numbers
    different, times = (found[: MAX_LEVELS + 1] for found in ordered.runs)
    return ColumnSummary(
        kind=ordered.kind,
        type=str(series.dtype),
        count=len(series),
        nulls=ordered.nulls,
        nans=ordered.nans,
        infinities=ordered.infinities,
        numbers=Numbers(
            minimum=values[0].item() if len(values) else None,
            maximum=values[-1].item() if len(values) else None,
            moments=moments_of(numbers),
            sketch=ordered.sketch(),
        ),
        levels=_few(pl.Series(different), pl.Series(times)),
        histogram=None if edges is None else count_sorted(numbers, edges),
    )


def summarise_levels(levels: pl.DataFrame, series: pl.Series) -> ColumnSummary:
    """Summarise a column of texts or truth values whose levels (``value``, ``count``) are counted already."""
    kind = kind_of(series.dtype)
    texts = kind == "text"
    values = levels["value"]
    return ColumnSummary(
        kind=kind,
        type=str(series.dtype),
        count=len(series),
        nulls=series.null_count(),
        numbers=_lengths(values, levels["count"]) if texts else Numbers(),
        levels=_few(values, levels["count"]),
        shapes=_shapes(values, levels["count"]) if texts else {},
    )


def seconds(times: pl.Series) -> Floats:
    """Return times as seconds since 1970."""
    return times.cast(pl.Datetime("us")).to_physical().to_numpy().astype(np.float64) / 1e6


def weighted_numbers(values: NDArray[np.int64], times: NDArray[np.int64]) -> Numbers:
    """Return the figures of increasing whole numbers that occur so many ``times``."""
    if not len(values):
        return Numbers()
    numbers = values.astype(np.float64)
    return Numbers(
        minimum=int(values[0]),
        maximum=int(values[-1]),
        moments=moments_of(numbers, times),
        sketch=log_sketch(numbers, times),
    )


def _lengths(texts: pl.Series, counts: pl.Series) -> Numbers:
    found = pl.DataFrame({"length": texts.str.len_chars(), "count": counts}).group_by("length").sum().sort("length")
    return weighted_numbers(*(found[name].to_numpy().astype(np.int64) for name in ("length", "count")))


def _shapes(texts: pl.Series, counts: pl.Series) -> Mapping[str, int] | None:
    found = pl.DataFrame({"shape": shapes(texts), "count": counts}).group_by("shape").sum()
    return _few(found["shape"], found["count"])


def _few(values: pl.Series, counts: pl.Series) -> Mapping[Any, int] | None:
    if len(values) > MAX_LEVELS:
        return None
    return capped(dict(zip(values.to_list(), counts.to_list(), strict=True)))

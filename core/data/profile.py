"""The plain figures of every column, for the page: from summaries, as JSON values."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from polars.selectors import by_name

from core.data.column import Column, shareable, sorted_quantiles
from core.data.figures import SHARES, TOP, Known, figures_of, histogram_edges
from core.data.streamed_profile import streamed_profile
from core.frames.histogram import count_sorted
from core.frames.summary import ColumnSummary, kind_of

Profile = Mapping[str, Mapping[str, Any]]

EXACT_ROWS = 1_000_000
"""Rows up to which ``profile`` holds a column in memory and all is exact. A larger table never is in memory: quantiles
of columns of more than a thousand different values are estimates then, and the figures say within what."""

_CELLS, _BYTES = 500_000, 32_000_000  # that are read together
_UNPACKED = 4  # times the size of the file, about, in memory
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def profile(parquet: Path) -> Profile:
    """Return each column's figures (see ``profile_column``), up to ``EXACT_ROWS`` with one column in memory at a time.

    Beyond, in passes over batches of rows: the first makes the summaries, from which follows between which edges the
    second counts the histograms exactly; different values are grouped on disk.
    """
    scanned = pl.scan_parquet(parquet)
    if scanned.select(pl.len()).collect().item() > EXACT_ROWS:
        return streamed_profile(parquet)
    return {
        series.name: profile_column(Column(name=series.name, position=i, series=series, now=_LONG_AGO))
        for i, series in enumerate(read_columns(parquet))
    }


def read_column(parquet: Path, name: str) -> pl.Series:
    """Return one column of a Parquet file; what is neither number, time nor truth value as text."""
    return _plain(pl.scan_parquet(parquet).select(by_name(name)).collect().to_series())


def read_columns(parquet: Path) -> Iterator[pl.Series]:
    """Yield the columns as ``read_column`` does, in order; only small ones are in memory beside each other."""
    scanned = pl.scan_parquet(parquet)
    rows, width = scanned.select(pl.len()).collect().item(), len(scanned.collect_schema())
    size = _UNPACKED * parquet.stat().st_size
    together = max(1, min(_CELLS // max(rows, 1), width * _BYTES // max(size, 1)))
    for start in range(0, width, together):
        columns = pl.read_parquet(parquet, columns=list(range(width))[start : start + together]).get_columns()
        while columns:
            yield _plain(columns.pop(0))  # and it is let go here


def _plain(series: pl.Series) -> pl.Series:
    return _as_text(series) if kind_of(series.dtype) == "text" and series.dtype != pl.String else series


def _as_text(series: pl.Series) -> pl.Series:
    try:
        return series.cast(pl.String)
    except pl.exceptions.PolarsError:  # lengths of time, lists, records
        return pl.Series(series.name, [None if cell is None else str(cell) for cell in series], dtype=pl.String)


@np.errstate(all="ignore")  # figures of numbers near the largest possible overflow; they are then left out
def profile_column(column: Column) -> Mapping[str, Any]:
    """Return ``kind, type, count, nulls, missing_share, distinct, unique, min, max, mean, ...``.

    Numbers and times have quantiles (``p01, p05, p25, median, p75, p95, p99``), each ``quantiles_within`` of the true
    one (a share of it; for times, seconds; 0 where exact), and a ``histogram`` (``edges``, ``counts``, and how many lie
    ``below`` and ``above`` the edges, which leave out far values). Numbers also have ``std, skewness, kurtosis, zeros,
    infinities``. Texts have ``lengths`` (``min``, ``mean``, ``max``) and ``shapes`` (value and count; ``None`` as
    ``shapes_distinct``: too many). Texts, truth values and columns of few values have ``top`` (value and count) and
    ``others``.
    """
    listed = column.kind in ("text", "boolean") or column.distinct <= TOP
    known = Known(distinct=column.distinct, top=_top(column) if listed else None, quantiles=_quantiles(column))
    return figures_of(_with_histogram(column), known)


def _quantiles(column: Column) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    if column.kind not in ("number", "time") or not len(column.numbers):
        return None
    return sorted_quantiles(column.numbers, list(SHARES.values()))


def _with_histogram(column: Column) -> ColumnSummary:
    if column.kind not in ("number", "time") or not len(column.numbers):
        return column.summary
    low, high = sorted_quantiles(column.numbers, [0.25, 0.75])
    edges = histogram_edges(column.numbers[0], column.numbers[-1], (low, high))
    return replace(column.summary, histogram=None if edges is None else count_sorted(column.numbers, edges.tolist()))


def _top(column: Column) -> list[tuple[Any, int]]:
    secret = column.personal is not None
    return [(shareable(value, secret=secret), int(count)) for value, count in column.levels.head(TOP).iter_rows()]

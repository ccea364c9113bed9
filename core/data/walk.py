"""One pass over the columns of a table: each is in memory once, and what all of them together need is kept."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Beside, ColumnFacts, Table
from core.data.column import Column
from core.data.profile import read_columns
from core.frames.opened import Opened
from core.frames.summarising import seconds

_MIX = np.uint64(0x9E3779B97F4A7C15)
_ROWS, _CELLS = 20_000, 5_000_000  # what is drawn: so many rows, and never more cells
_DIGITS = 3  # numbers that agree in so many digits are nearly the same
_UNIQUE = 0.999


def walk(
    parquet: Path, opened: Opened, *, now: datetime, beside: Beside, visit: Callable[[Column], object] = lambda _: None
) -> Table:
    """Show every column to ``visit`` and return what is kept of the table."""
    drawn = _draw(opened.rows, columns=len(pl.scan_parquet(parquet).collect_schema()))
    facts: list[ColumnFacts] = []
    hashes, near = np.zeros(opened.rows, dtype=np.uint64), np.zeros(opened.rows, dtype=np.uint64)
    for series in read_columns(parquet):
        notes = tuple(note for note in opened.notes if note.column == series.name)
        column = Column(name=series.name, position=len(facts), series=series, now=now, notes=notes)
        visit(column)
        cells = column.series.hash().to_numpy()
        hashes *= _MIX
        hashes += cells
        near *= _MIX
        near += _roughly(column, cells)
        facts.append(_facts(column, cells, drawn))
        del series, column, cells  # else it would be in memory beside the next one
    return Table(
        parquet=parquet,
        opened=opened,
        rows=opened.rows,
        now=now,
        beside=beside,
        columns=tuple(facts),
        row_hashes=hashes,
        near_hashes=near,
        drawn=drawn,
    )


def _draw(rows: int, *, columns: int) -> NDArray[np.int64]:
    """Return the rows that are kept, in order: the same ones each time."""
    most = max(min(_ROWS, _CELLS // max(columns, 1)), 1_000)
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


def _roughly(column: Column, cells: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return hashes that are equal where values nearly are; a column that names the row has no say."""
    if column.kind != "number" and column.distinct >= _UNIQUE * max(column.present, 1):
        return np.zeros(len(cells), dtype=np.uint64)
    if not column.series.dtype.is_float():
        return cells
    return column.series.round_sig_figs(_DIGITS).hash().to_numpy()


def _facts(column: Column, cells: NDArray[np.uint64], drawn: NDArray[np.int64]) -> ColumnFacts:
    weights = np.arange(1, len(cells) + 1, dtype=np.uint64) * _MIX
    return ColumnFacts(
        name=column.name,
        kind=column.kind,
        distinct=column.distinct,
        missing=column.missing,
        fingerprint=int((cells * weights).sum(dtype=np.uint64)),
        whole=column.whole,
        secret=column.personal is not None,
        numbers=_numbers(column, drawn),
        cells=cells[drawn],
    )


def _numbers(column: Column, drawn: NDArray[np.int64]) -> NDArray[np.float64] | None:
    if column.kind == "text":
        return None
    values = column.series.gather(drawn)
    if column.kind != "time":
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(np.isfinite(numbers), numbers, np.nan)
    gone = values.is_null().to_numpy()
    return np.where(gone, np.nan, seconds(values.fill_null(strategy="zero") if gone.any() else values))

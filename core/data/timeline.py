"""The times of a table's rows: which column they are in, their order, and how they are said."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import ColumnFacts, NotApplicable, Table
from core.frames.summarising import seconds

_TIMES, _MISSING = 20, 0.05
HOUR, DAY = 3_600.0, 86_400.0


def time_of_rows(table: Table) -> ColumnFacts:
    """Return the first column that has a time in nearly every row.

    Raises
    ------
    NotApplicable
        There is none.
    """
    for column in table.columns:
        if column.kind == "time" and column.distinct >= _TIMES and column.missing <= _MISSING * table.rows:
            return column
    raise NotApplicable("No column has a time in nearly every row.")


def moments(table: Table, column: ColumnFacts) -> NDArray[np.float64]:
    """Return a column's times as seconds since 1970; NaN where there is none."""
    return as_seconds(table.read(column.name).to_series())


def as_seconds(times: pl.Series) -> NDArray[np.float64]:
    """Return times as seconds since 1970; NaN where there is none."""
    held = times.cast(pl.Datetime("us"))
    return np.where(times.is_null().to_numpy(), np.nan, seconds(held.fill_null(datetime(1970, 1, 1))))  # noqa: DTZ001


def is_regular(times: NDArray[np.float64], *, share: float = 0.8) -> bool:
    """Tell whether increasing times mostly come in equal steps."""
    steps = np.diff(times[np.isfinite(times)])
    return bool(len(steps)) and float((np.abs(steps - np.median(steps)) <= 0.1 * np.median(steps)).mean()) >= share


def in_order(times: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rows that have a time, by time; equal times as they stand."""
    order = np.argsort(times, kind="stable")
    return order[: int(np.isfinite(times).sum())]


def said(second: float, *, day: bool = False) -> str:
    """Return a moment as ``2013-12-31 10:00``, or its day alone."""
    moment = datetime.fromtimestamp(second, tz=UTC)
    return f"{moment:%Y-%m-%d}" if day else f"{moment:%Y-%m-%d %H:%M}"


def span(length: float) -> str:
    """Return a length of time in seconds as a person says it: ``5 hours``."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (60.0, "minute")):
        if length >= unit:
            count = round(length / unit, 1)
            return f"1 {name}" if count == 1 else f"{count:,.10g} {name}s"
    return f"{length:.3g} seconds"

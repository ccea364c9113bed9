"""Two files compared: what a row's block is, why a column differs, and which lost column may have another name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from core.drift.cause import Named
from core.drift.causes.renamed import new_names
from core.drift.column_drift import ColumnDrift
from core.drift.comparison import compare_columns
from core.drift.naming import name_causes
from core.frames.summary import kind_of

DAY = "day of the row"
_ISO_DAY = 10  # characters
_DATED = r"^\d{4}-\d{2}-\d{2}($|[T ])"
_FIRST = 100  # that are looked at before all
_DAYS = 5  # fewer days cannot show how much days differ


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Two tables compared: each column, and the mechanical causes of what differs (a column has its own)."""

    columns: tuple[ColumnDrift, ...]
    causes: tuple[Named, ...]


def compare_tables(reference: pl.DataFrame, current: pl.DataFrame) -> SideBySide:
    """Compare two tables column by column: by days where both have a time column and days enough, else by rows.

    What a mechanical cause explains says so, whatever the verdict is.
    """
    columns = [*dict.fromkeys([*reference.columns, *current.columns])]
    before, after, block = days_beside(reference, current)
    found = with_new_names(compare_columns(before, after, block=block, columns=columns), reference, current)
    causes = name_causes(reference, current)
    sentences = {named.column: named.sentence for named in causes if named.cause != "renamed"}
    explained = tuple(replace(column, cause=sentences.get(column.column, "")) for column in found)
    return SideBySide(columns=explained, causes=causes)


def days_beside(reference: pl.DataFrame, current: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, str | None]:
    """Return both tables with the day of each row, and that column's name; as they are where rows are independent."""
    time = shared_time(reference, current)
    if time is None:
        return reference, current, None
    columns = [*dict.fromkeys([*reference.columns, *current.columns])]
    block = max([DAY, *columns], key=len) + " " if DAY in columns else DAY
    text = reference.schema[time] == pl.String
    day = (pl.col(time).str.head(_ISO_DAY) if text else pl.col(time).dt.strftime("%Y-%m-%d")).alias(block)
    return reference.with_columns(day), current.with_columns(day), block


def shared_time(reference: pl.DataFrame, current: pl.DataFrame) -> str | None:
    """Return the first time column with at least five days in both tables, else the first of dates as ISO text."""
    shared = [name for name in reference.columns if name in current.columns]
    for kind in ("time", "text"):
        for name in shared:
            both = reference[name], current[name]
            if all(kind_of(values.dtype) == kind and _days(values) >= _DAYS for values in both):
                return name
    return None


def with_new_names(
    found: Sequence[ColumnDrift], reference: pl.DataFrame, current: pl.DataFrame
) -> tuple[ColumnDrift, ...]:
    """Add to each column that only one table has which column of the other it may be."""
    pairs = new_names(reference, current)
    back = {name: old for old, name in pairs.items()}
    return tuple(
        replace(column, note=f"{column.note} It may be the column {other!r} there.".strip())
        if (other := pairs.get(column.column) or back.get(column.column))
        else column
        for column in found
    )


def _days(values: pl.Series) -> int:
    dates = _dates(values.drop_nulls())
    return 0 if dates is None else dates.n_unique()


def _dates(values: pl.Series) -> pl.Series | None:
    """Return the dates of a time column, or of a text column where all are written as ISO 8601 does."""
    if kind_of(values.dtype) == "time":
        return values.cast(pl.Date)
    if values.dtype != pl.String or not values.head(_FIRST).str.contains(_DATED).all():
        return None
    dates = values.str.head(_ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
    return dates if values.str.contains(_DATED).all() and dates.null_count() == values.null_count() else None

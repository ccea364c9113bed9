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
    day = pl.col(time).dt.strftime("%Y-%m-%d").alias(block)
    return reference.with_columns(day), current.with_columns(day), block


def shared_time(reference: pl.DataFrame, current: pl.DataFrame) -> str | None:
    """Return the first time column with at least five days in both tables."""
    for name in reference.columns:
        if name in current.columns and all(_days(frame[name]) >= _DAYS for frame in (reference, current)):
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
    return values.drop_nulls().cast(pl.Date).n_unique() if kind_of(values.dtype) == "time" else 0

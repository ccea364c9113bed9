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
    before, after = (table.with_columns(_day(table[time]).alias(block)) for table in (reference, current))
    return before, after, block


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
    return _day(values.drop_nulls()).n_unique() if kind_of(values.dtype) == "time" or _is_dated(values) else 0


def _day(values: pl.Series) -> pl.Series:
    return values.str.head(_ISO_DAY) if values.dtype == pl.String else values.dt.strftime("%Y-%m-%d")


def _is_dated(values: pl.Series) -> bool:
    """Tell whether a text column holds dates as ISO 8601 writes them, with or without a time."""
    if values.dtype != pl.String:
        return False
    known = values.drop_nulls()
    return all(
        len(part) > 0
        and bool((part.str.contains(_DATED) & part.str.head(_ISO_DAY).str.to_date(strict=False).is_not_null()).all())
        for part in (known.head(_FIRST), known)
    )

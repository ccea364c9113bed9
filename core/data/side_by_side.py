"""Two files compared: what a row's block is, and which lost column may only have another name."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import polars as pl

from core.drift.column_drift import ColumnDrift
from core.drift.comparison import compare_columns
from core.frames.summary import kind_of

DAY = "day of the row"
_DAYS = 5  # fewer days cannot show how much days differ
_ALIKE, _SHARED = 0.75, 0.8
_LEVELS = 1_000


def compare_tables(reference: pl.DataFrame, current: pl.DataFrame) -> tuple[ColumnDrift, ...]:
    """Compare two tables column by column: by days where both have a time column and days enough, else by rows."""
    time = shared_time(reference, current)
    if time is None:
        return with_new_names(compare_columns(reference, current, block=None), reference, current)
    columns = [*dict.fromkeys([*reference.columns, *current.columns])]
    block = max([DAY, *columns], key=len) + " " if DAY in columns else DAY
    day = pl.col(time).dt.strftime("%Y-%m-%d").alias(block)
    found = compare_columns(reference.with_columns(day), current.with_columns(day), block=block, columns=columns)
    return with_new_names(found, reference, current)


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
    lost = [name for name in reference.columns if name not in current.columns]
    new = [name for name in current.columns if name not in reference.columns]
    pairs = {old: name for old in lost if (name := _same_as(reference[old], [current[n] for n in new]))}
    back = {name: old for old, name in pairs.items()}
    return tuple(
        replace(column, note=f"{column.note} It may be the column {other!r} there.".strip())
        if (other := pairs.get(column.column) or back.get(column.column))
        else column
        for column in found
    )


def _days(values: pl.Series) -> int:
    return values.drop_nulls().cast(pl.Date).n_unique() if kind_of(values.dtype) == "time" else 0


def _same_as(old: pl.Series, new: Sequence[pl.Series]) -> str | None:
    scored = [(_likeness(old, other), other.name) for other in new if kind_of(old.dtype) == kind_of(other.dtype)]
    best, name = max(scored, default=(0.0, ""))
    return name if best else None


def _likeness(old: pl.Series, new: pl.Series) -> float:
    """Return how surely two columns are one under two names: by the name, or by the texts that they hold."""
    first, second = (re.sub(r"[\W_]+", "", name.lower()) for name in (old.name, new.name))
    by_name = SequenceMatcher(None, first, second).ratio()
    if by_name >= _ALIKE:
        return by_name
    if kind_of(old.dtype) != "text":
        return 0.0
    before, after = set(old.drop_nulls().unique().head(_LEVELS)), set(new.drop_nulls().unique().head(_LEVELS))
    shared = len(before & after) / max(len(before | after), 1)
    return shared if shared >= _SHARED and len(before) > 2 else 0.0

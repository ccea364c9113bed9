"""A defect that is put into a table, and what must find it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from polars import col

Column = str


@dataclass(frozen=True, kw_only=True)
class Defect:
    """``put`` writes it into the rows of a mask of a column that ``fits``; ``check`` must find it, ``cause`` name it.

    ``beside`` tells whether the clean table is given as the reference, ``label`` whether the column is named as the one
    to predict. ``of_table``: no single column is meant; ``found_in`` is the column of the finding where that is another
    one. ``tables`` are the only ones that it is put into, if any are named. ``two`` columns must fit. ``in_text`` is
    done to the table as CSV.
    """

    put: Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame]
    check: str
    cause: str = ""
    fits: Callable[[pl.Series], bool]
    beside: bool = False
    of_table: bool = False
    share: float = 0.01
    label: bool = False
    found_in: str | None = None
    tables: tuple[str, ...] = ()
    two: bool = False
    in_text: Callable[[str], str] | None = None


def some_rows(frame: pl.DataFrame, share: float) -> pl.Series:
    """Return a mask of rows drawn evenly: ``share`` of them, at least five."""
    count = max(5, int(np.ceil(share * frame.height)))
    chosen = np.random.default_rng(7).choice(frame.height, count, replace=False)
    mask = np.zeros(frame.height, dtype=bool)
    mask[chosen] = True
    return pl.Series(mask)


def write(value: Callable[[pl.Expr], pl.Expr]) -> Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame]:
    """Return a ``put`` that replaces the cells of the chosen rows by a function of them."""

    def put(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
        return frame.with_columns(pl.when(rows).then(value(col(column))).otherwise(col(column)).alias(column))

    return put


def write_where(
    value: Callable[[pl.Series, pl.Series], pl.Series],
) -> Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame]:
    """Return a ``put`` that replaces the column by a function of it and of the chosen rows."""

    def put(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
        return frame.with_columns(value(frame[column], rows).alias(column))

    return put

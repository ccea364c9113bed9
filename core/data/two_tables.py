"""A table and its reference, for the checks that compare the two."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import NotApplicable, Table
from core.data.words import rows_of

_CELLS = 20_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True)
class TwoTables:
    """The Parquet of the reference and that of the table under check; both have rows."""

    before: Path
    after: Path

    @cached_property
    def schemas(self) -> tuple[pl.Schema, pl.Schema]:
        """Return the columns of both and their types."""
        first, second = (pl.scan_parquet(path).collect_schema() for path in (self.before, self.after))
        return first, second

    @cached_property
    def rows(self) -> tuple[int, int]:
        """Return how many rows both have."""
        first, second = (
            int(pl.scan_parquet(path).select(pl.len()).collect().item()) for path in (self.before, self.after)
        )
        return first, second

    @property
    def shared(self) -> list[str]:
        """Return the names of the columns that both have."""
        return [name for name in self.schemas[0].names() if name in self.schemas[1]]

    @property
    def step(self) -> int:
        """Return every which row ``frames`` takes: 1 where the tables are small enough for all of them."""
        cells = sum(rows * len(schema) for rows, schema in zip(self.rows, self.schemas, strict=True))
        return 1 + cells // _CELLS

    @property
    def looked_at(self) -> str:
        """Return how a sentence says that not all rows were looked at; nothing where they were."""
        return f" (seen in every {self.step:,}th row)" if self.step > 1 else ""

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return both tables; of large ones every n-th row."""
        scans = (pl.scan_parquet(path) for path in (self.before, self.after))
        first, second = (scan.gather_every(self.step).collect() for scan in scans)
        return first, second

    def column(self, name: str) -> tuple[pl.Series, pl.Series]:
        """Return one column of both, whole."""
        first, second = (pl.read_parquet(path, columns=[name]).to_series() for path in (self.before, self.after))
        return first, second

    def hashes(self, names: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Return a hash of each row of both over some columns, read one at a time and in one type."""
        found = [np.zeros(rows, dtype=np.uint64) for rows in self.rows]
        for name in names:
            sides = self.column(name)
            if sides[0].dtype != sides[1].dtype:
                kind = pl.Float64 if all(side.dtype.is_numeric() for side in sides) else pl.String
                sides = tuple(side.cast(kind) for side in sides)
            found = [hashes * _MIX + side.hash().to_numpy() for hashes, side in zip(found, sides, strict=True)]
        return found[0], found[1]


def two_tables(table: Table) -> TwoTables:
    """Return the table and its reference.

    Raises
    ------
    NotApplicable
        No reference was given, or one of the two has no rows.
    """
    if table.beside.reference is None:
        raise NotApplicable("No reference was given; name a file to compare with.")
    both = TwoTables(before=table.beside.reference, after=table.parquet)
    if not min(both.rows):
        raise NotApplicable(f"The reference has {rows_of(both.rows[0])}, the table {rows_of(both.rows[1])}.")
    return both

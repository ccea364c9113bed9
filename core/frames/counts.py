"""Counts of a column, a block and a bin at a time: what a comparison needs of any number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.statistics.blocks import Codes, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCounts:
    """How many rows of each block (line) fall into each bin (column).

    Where rows are independent there is one line, and ``independent`` is true.
    """

    table: Floats
    independent: bool

    @property
    def bins(self) -> Floats:
        """Return the rows of every bin, over all blocks."""
        return self.table.sum(axis=0)

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return int(self.table.sum())

    @property
    def blocks(self) -> int:
        """Return the number of independent units that hold a row: blocks, or rows where these are independent."""
        return self.rows if self.independent else int((self.table.sum(axis=1) > 0).sum())


def block_of_rows(frame: pl.DataFrame, block: str | None) -> Codes | None:
    """Return the block of every row as a code, or ``None`` where rows are independent. No block is one more block."""
    if block is None:
        return None
    names = frame.get_column(block).cast(pl.String).fill_null("")
    levels = names.unique().sort()
    codes = names.replace_strict(levels, pl.Series(np.arange(len(levels))), return_dtype=pl.Int64)
    return codes.to_numpy().astype(np.intp)


def bucket_counts(values: Floats, blocks: Codes | None, edges: Floats) -> BlockCounts:
    """Count numbers into the bins that end at each of ``edges``, inclusive; a last bin takes what lies above."""
    return _counted(np.searchsorted(edges, values, side="left"), blocks, n_bins=edges.size + 1)


def level_counts(values: pl.Series, blocks: Codes | None, levels: Sequence[Any]) -> BlockCounts:
    """Count texts into ``levels``; a last bin takes all others."""
    codes = np.full(len(values), len(levels), dtype=np.intp)
    if levels:
        index = pl.Series(np.arange(len(levels)))
        found = values.replace_strict(pl.Series(levels), index, default=len(levels), return_dtype=pl.Int64)
        codes = found.to_numpy().astype(np.intp)
    return _counted(codes, blocks, n_bins=len(levels) + 1)


def flag_counts(flags: NDArray[np.bool_], blocks: Codes | None) -> BlockCounts:
    """Count rows into two bins: flag down, flag up."""
    return _counted(flags.astype(np.intp), blocks, n_bins=2)


def _counted(bins: Codes, blocks: Codes | None, *, n_bins: int) -> BlockCounts:
    lines = 1 if blocks is None or not blocks.size else int(blocks.max()) + 1
    cells = bins if blocks is None else blocks * n_bins + bins
    table = np.bincount(cells, minlength=lines * n_bins).reshape(lines, n_bins).astype(np.float64)
    if blocks is not None:
        table = table[table.sum(axis=1) > 0]
    return BlockCounts(table=table, independent=blocks is None)

"""A check: one question about a file, asked without any configuration. The entries are in ``checks/``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.column import SAMPLES, Column, plain
from core.data.finding import Severity
from core.frames.opened import Opened
from core.frames.summary import Kind

_SHOWN_COLUMNS = 8


class NotApplicable(Exception):
    """A check has nothing to look at; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a check has found: ``count`` of ``of`` rows (``of`` = 0: all rows of the table).

    ``first`` and ``last`` are 0-based rows; ``fix`` replaces the check's own advice where this case needs another.
    """

    count: int
    message: str
    of: int = 0
    sample: tuple[dict[str, Any], ...] = ()
    first: int | None = None
    last: int | None = None
    fix: str = ""
    severity: Severity | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What is kept of a column when its values have left the memory."""

    name: str
    kind: Kind
    distinct: int
    missing: int
    fingerprint: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a person said beside the file: the column to predict, and a table (Parquet) to compare with."""

    label: str | None = None
    reference: Path | None = None


NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose columns have been walked through."""

    parquet: Path
    opened: Opened
    rows: int
    now: datetime
    beside: Beside
    columns: tuple[ColumnFacts, ...]
    row_hashes: NDArray[np.uint64] = field(repr=False)

    def sample(self, rows: Iterable[int]) -> tuple[dict[str, Any], ...]:
        """Return the first of some 0-based rows: their 1-based number and first columns."""
        wanted = list(rows)[:SAMPLES]
        names = [column.name for column in self.columns[:_SHOWN_COLUMNS]]
        if not wanted:
            return ()
        frame = pl.scan_parquet(self.parquet).select(names).with_row_index("\x00row")
        found = frame.filter(pl.col("\x00row").is_in(wanted)).collect(engine="streaming").sort("\x00row")
        return tuple(
            {"row": int(row.pop("\x00row")) + 1, **{name: plain(value) for name, value in row.items()}}
            for row in found.to_dicts()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of the catalogue.

    ``kinds`` are the columns that ``on_column`` looks at; ``on_table`` is asked once, after all columns. A check gives
    nothing where all is well, and raises ``NotApplicable`` where it has nothing to look at. ``help`` says what it
    shows, ``misleads`` when not to believe it, ``default`` its threshold in words, ``source`` where that comes from,
    ``fix`` what to do about a finding.
    """

    name: str
    title: str
    severity: Severity
    help: str
    misleads: str = ""
    default: str = ""
    source: str = ""
    fix: str = ""
    kinds: tuple[Kind, ...] = ()
    on_column: Callable[[Column], Found | None] | None = None
    on_table: Callable[[Table], Iterable[Found]] | None = None


Catalogue = Mapping[str, Check]

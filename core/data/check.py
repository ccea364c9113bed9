"""A check: one question about a file, asked without any configuration. The entries are in ``checks/``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.column import SAMPLES, Column, shareable
from core.data.finding import Severity
from core.frames.opened import Opened
from core.frames.summary import Kind

_SHOWN_COLUMNS = 8


class NotApplicable(Exception):
    """A check has nothing to look at; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a check has found: ``count`` of ``of`` rows (``of`` = 0: all rows of the table).

    ``rows`` is true where a row is concerned: the first, the last and the sample are taken from it, and it is let go.
    ``first`` and ``last`` (0-based) are for checks that know no more. ``fix`` is another advice than the
    check's own. ``passed`` marks a remark of a check that is content, such as how much it has looked at.
    """

    count: int
    message: str
    of: int = 0
    rows: pl.Series | None = field(default=None, repr=False, compare=False)
    sample: tuple[dict[str, Any], ...] = ()
    first: int | None = None
    last: int | None = None
    fix: str = ""
    severity: Severity | None = None
    column: str | None = None
    passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What is kept of a column when its values have left the memory.

    ``numbers`` are the drawn rows' values (times as seconds, truth values as 0 and 1; NaN where there is none), and
    ``None`` for text; ``cells`` are hashes of the drawn rows' values.
    """

    name: str
    kind: Kind
    distinct: int
    missing: int
    fingerprint: int
    whole: bool = False
    secret: bool = False
    top: int = 0
    numbers: NDArray[np.float64] | None = field(default=None, repr=False)
    cells: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, dtype=np.uint64), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a person said beside the file: the column to predict, and a table (Parquet) to compare with.

    ``other_part`` says that the reference is another part of the same data, such as what a model is trained on where
    this one is to test it: no row may then stand in both. Else it is an earlier version.
    """

    label: str | None = None
    reference: Path | None = None
    other_part: bool = False


NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose columns have been walked through.

    ``drawn`` are the 0-based rows, in order, that the columns keep: all, or a fixed random draw of a large table.
    """

    parquet: Path
    opened: Opened
    rows: int
    now: datetime
    beside: Beside
    columns: tuple[ColumnFacts, ...]
    row_hashes: NDArray[np.uint64] = field(repr=False)
    near_hashes: NDArray[np.uint64] = field(repr=False)
    drawn: NDArray[np.int64] = field(repr=False)

    @property
    def looked_at(self) -> str:
        """Return how a sentence says that only a draw was looked at: nothing where it was every row."""
        part = len(self.drawn) < self.rows
        return f" (seen in {len(self.drawn):,} rows drawn at random)" if part else ""

    def read(self, *names: str) -> pl.DataFrame:
        """Return whole columns."""
        return pl.read_parquet(self.parquet, columns=list(names))

    def marked(self, rows: Sequence[int] | pl.Series | NDArray[np.integer]) -> pl.Series:
        """Return for every row of the table whether it is one of some 0-based ``rows``."""
        marks = np.zeros(self.rows, dtype=bool)
        marks[np.asarray(rows)] = True
        return pl.Series(marks)

    def sample(self, rows: Iterable[int], *, column: str | None = None) -> tuple[dict[str, Any], ...]:
        """Return the first of some 0-based rows: their 1-based number, ``column`` and the first columns."""
        wanted = [int(row) for row in rows][:SAMPLES]
        names = [facts.name for facts in self.columns[:_SHOWN_COLUMNS]]
        names = list(dict.fromkeys([column, *names])) if column else names
        if not wanted:
            return ()
        frame = pl.scan_parquet(self.parquet).select(names).with_row_index("\x00row")
        found = frame.filter(pl.col("\x00row").is_in(wanted)).collect(engine="streaming").sort("\x00row")
        secret = {column.name for column in self.columns if column.secret}
        return tuple(
            {
                "row": int(row.pop("\x00row")) + 1,
                **{name: shareable(value, secret=name in secret) for name, value in row.items()},
            }
            for row in found.to_dicts()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of the catalogue.

    ``kinds`` are the columns that ``on_column`` looks at; ``on_table`` is asked once, after all columns; a check
    may have both. It gives nothing where all is well, and raises ``NotApplicable`` where it has nothing to look
    at. ``help`` says what it shows, ``misleads`` when not to believe it, ``default`` its threshold in words,
    ``source`` where that comes from, ``fix`` what to do about a finding. ``together`` joins what many columns have in
    common into fewer findings.
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
    together: Callable[[Sequence[Found]], Sequence[Found]] | None = None


Catalogue = Mapping[str, Check]

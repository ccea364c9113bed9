"""Every defect in every real table that it can be put into: what its check then says."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from core.data.check import Beside
from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Finding
from core.data.validation import validate
from core.frames.open_file import to_parquet
from core.frames.opened import Opened
from tests.core.data.mutations.categories import CATEGORIES
from tests.core.data.mutations.defect import Defect, some_rows
from tests.core.data.mutations.labels import LABELS
from tests.core.data.mutations.numbers import NUMBERS
from tests.core.data.mutations.structure import STRUCTURE
from tests.core.data.mutations.tables import TABLES, real
from tests.core.data.mutations.times import TIMES

DEFECTS: Mapping[str, Defect] = {**NUMBERS, **CATEGORIES, **TIMES, **STRUCTURE, **LABELS}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A defect in one column of one table."""

    table: str
    column: str
    defect: Defect


def cells_of(name: str) -> Iterator[Cell]:
    """Yield, for each table that a defect can be put into, one of the columns that it fits: as good as any."""
    defect = DEFECTS[name]
    for table in defect.tables or TABLES:
        fitting = [column for column in real(table).columns if defect.fits(real(table)[column])]
        if fitting and not _lacks_another(defect, table):
            yield Cell(table=table, column=fitting[zlib.crc32(name.encode()) % len(fitting)], defect=defect)


def _lacks_another(defect: Defect, table: str) -> bool:
    """Tell whether a defect of two columns has one only to be put into."""
    return defect.two and sum(defect.fits(real(table)[name]) for name in real(table).columns) < 2


def is_found(cell: Cell, folder: Path) -> bool:
    """Tell whether the check finds the defect, in its place and by its name, and not as much in the clean table."""
    defect = cell.defect
    frame = real(cell.table)
    broken = defect.put(frame, cell.column, some_rows(frame, defect.share))
    found = [finding.count for finding in _of_broken(cell, broken, folder) if _names(cell, finding)]
    if not found or defect.beside:
        return bool(found)
    clean = _of_clean(cell.table, defect.check, cell.column if defect.label else None)
    return max(found) > max((finding.count for finding in clean if _names(cell, finding)), default=-1)


def _names(cell: Cell, finding: Finding) -> bool:
    defect = cell.defect
    place = defect.of_table or finding.column == (defect.found_in or cell.column)
    return place and defect.cause.replace("{label}", cell.column).lower() in finding.message.lower()


def _of_broken(cell: Cell, frame: pl.DataFrame, folder: Path) -> list[Finding]:
    defect = cell.defect
    reference = folder / f"{cell.table}.parquet"
    if defect.beside:
        real(cell.table).write_parquet(reference)
    beside = Beside(label=cell.column if defect.label else None, reference=reference if defect.beside else None)
    parquet, opened = _opened(frame, folder, in_text=defect.in_text)
    return findings(parquet, opened, check=defect.check, table=cell.table, beside=beside)


@cache
def _of_clean(table: str, check: str, label: str | None) -> list[Finding]:
    with TemporaryDirectory() as folder:
        parquet, opened = _opened(real(table), Path(folder))
        return findings(parquet, opened, check=check, table=table, beside=Beside(label=label))


def findings(parquet: Path, opened: Opened, *, check: str, table: str, beside: Beside) -> list[Finding]:
    """Return what one check finds in a version of a table."""
    told = validate(parquet, opened, now=now(table), beside=beside, checks={check: CHECKS[check]}).findings
    return [finding for finding in told if finding.status is CheckStatus.FAILED]


def _opened(frame: pl.DataFrame, folder: Path, *, in_text: Callable[[str], str] | None = None) -> tuple[Path, Opened]:
    parquet = folder / "table.parquet"
    if in_text is None:
        frame.write_parquet(parquet)
        return parquet, Opened(rows=frame.height, columns=tuple(frame.columns))
    source = folder / "table.csv"
    source.write_text(in_text(frame.write_csv()))
    return parquet, to_parquet(source, parquet, name=source.name)


def now(table: str) -> datetime:
    """Return a second after the last time of a table, as if it had just been written."""
    times = [real(table)[name].max() for name in real(table).columns if real(table).schema[name].is_temporal()]
    last = pl.Series(times).cast(pl.Datetime("us")).max() if times else datetime(2026, 11, 25)  # noqa: DTZ001
    assert isinstance(last, datetime)
    return last.replace(tzinfo=UTC) + timedelta(seconds=1)

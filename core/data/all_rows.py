"""Every row that a finding is about: its check is run once more, and nothing is kept in between."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from core.data.check import NOTHING_BESIDE, Beside, Check, Found, NotApplicable, Table
from core.data.checks import CHECKS
from core.data.column import Column
from core.data.dataset import parts_by_name
from core.data.finding import CheckStatus, Finding
from core.data.profile import read_column
from core.data.report import opened_copy
from core.data.validation import validate
from core.data.walk import walk
from core.errors import InvalidInput
from core.frames.opened import Opened
from core.frames.reading import AS_GUESSED, Reading

ROW = "row"


def rows_of(
    parquet: Path,
    opened: Opened,
    finding: Finding,
    *,
    now: datetime,
    beside: Beside = NOTHING_BESIDE,
) -> pl.DataFrame:
    """Return all rows that a finding is about, with their 1-based numbers in the first column.

    ``now`` and ``beside`` are those of the validation that found it.

    Raises
    ------
    InvalidInput
        The finding is about the whole table or column, not about some of its rows.
    """
    check = CHECKS.get(finding.check)
    found = None
    if check and check.on_column and finding.column:
        found = check.on_column(_column(parquet, opened, finding.column, now=now))
    elif check and check.on_table:
        found = _in_table(check, finding, walk(parquet, opened, now=now, beside=beside))
    if found is None or found.rows is None:
        title = check.title if check else finding.check
        raise InvalidInput(f"“{title}” is about no single rows here. Look at the whole column or table instead.")
    names = pl.scan_parquet(parquet).collect_schema().names()
    row = next(
        name for name in (ROW, "row number", *(f"{ROW} {i}" for i in range(len(names) + 1))) if name not in names
    )
    places = found.rows.fill_null(value=False).arg_true()
    frame = pl.scan_parquet(parquet).with_row_index(row).filter(pl.col(row).is_in(places.implode()))
    return frame.with_columns(pl.col(row).cast(pl.Int64) + 1).collect(engine="streaming").sort(row)


def rows_of_file(path: Path, which: str, *, now: datetime, beside: Beside = NOTHING_BESIDE) -> pl.DataFrame:
    """Return all rows of a file that a check is about; ``which`` is ``check`` or ``check:column``.

    Raises
    ------
    InvalidInput
        There is no such check or column, the check finds nothing there, or it is about no single rows.
    UnreadableFile, RefusedFile
        As ``to_parquet`` does.
    """
    name, _, column = which.partition(":")
    if name not in CHECKS:
        near = get_close_matches(name, CHECKS, n=1)
        raise InvalidInput(f"There is no check `{name}`." + (f" Did you mean `{near[0]}`?" if near else ""))
    with opened_copy(path) as (parquet, opened):
        if column and column not in opened.columns:
            raise InvalidInput(f"The file has no column `{column}`.")
        validation = validate(parquet, opened, now=now, beside=beside, checks={name: CHECKS[name]})
        found = [f for f in validation.findings if f.status is CheckStatus.FAILED and column in ("", f.column)]
        if not found:
            raise InvalidInput(f"“{CHECKS[name].title}”: nothing was found{f' in `{column}`' if column else ''}.")
        told = [f for f in found if has_rows(f)] or found[:1]
        frames = [rows_of(parquet, opened, finding, now=now, beside=beside) for finding in told]
    return pl.concat(frames).unique(maintain_order=True).sort(frames[0].columns[0])


def rows_in_file(
    path: Path, finding: Finding, *, now: datetime, name: str = "", reading: Reading = AS_GUESSED
) -> pl.DataFrame:
    """Return all rows of a file that a finding is about; the file is opened once more, as ``reading`` says.

    Raises
    ------
    InvalidInput
        The finding is about the whole table or column, or the file is no longer there.
    UnreadableFile, RefusedFile
        As ``to_parquet`` does.
    """
    _require(path, name=name)
    with opened_copy(path, name=name, reading=reading) as (parquet, opened):
        return rows_of(parquet, opened, finding, now=now)


def rows_in_second(  # noqa: PLR0913 - two files, each with its name and reading
    reference: Path,
    current: Path,
    finding: Finding,
    *,
    now: datetime,
    names: tuple[str, str],
    readings: tuple[Reading, Reading] = (AS_GUESSED, AS_GUESSED),
) -> pl.DataFrame:
    """Return all rows of the second of two files that a finding on both is about; both are opened once more.

    Raises
    ------
    InvalidInput, UnreadableFile, RefusedFile
        As ``rows_in_file`` does, for either file.
    """
    for path, name in zip((reference, current), names, strict=True):
        _require(path, name=name)
    first = opened_copy(reference, name=names[0], reading=readings[0])
    second = opened_copy(current, name=names[1], reading=readings[1])
    with first as (before, _), second as (parquet, opened):
        beside = Beside(reference=before, other_part=parts_by_name(*names))
        return rows_of(parquet, opened, finding, now=now, beside=beside)


def _require(path: Path, *, name: str) -> None:
    if not path.is_file():
        raise InvalidInput(f"{name or path.name} is no longer here. Drop it again.")


def has_rows(finding: Finding) -> bool:
    """Tell whether ``rows_of`` can give the rows of a finding."""
    return finding.status is CheckStatus.FAILED and finding.first is not None and finding.check in CHECKS


def _column(parquet: Path, opened: Opened, name: str, *, now: datetime) -> Column:
    place = pl.scan_parquet(parquet).collect_schema().names().index(name)
    notes = tuple(note for note in opened.notes if note.column == name)
    return Column(name=name, position=place, series=read_column(parquet, name), now=now, notes=notes)


def _in_table(check: Check, finding: Finding, table: Table) -> Found | None:
    """Return what a check finds again: of several things about one column, the one that reads the same."""
    try:
        alike = [found for found in (check.on_table or _nothing)(table) if found.column == finding.column]
    except NotApplicable:
        return None
    return next((found for found in alike if finding.message.startswith(found.message)), next(iter(alike), None))


def _nothing(_: Table) -> Iterable[Found]:
    return ()

"""A workbook (.xlsx, .xlsm, .xlsb, .xls, .ods): one sheet of it as a text table, which is then read as any other."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.csv_source import csv_to_parquet
from core.frames.opened import Note, Opened
from core.frames.reading import Reading
from core.frames.sheet_header import Merge, find_header
from core.frames.sheet_xml import bare_formulas
from core.frames.text_source import TextSource

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what an old workbook begins with, and a locked new one
_PARTED = "\x1f"  # no cell holds it
_EXACT = 1e15  # whole numbers below are exact as floating-point ones


def workbook_to_parquet(source: Path, made: Path, *, folder: Path, name: str, reading: Reading) -> Opened:
    """Write one sheet to ``made``: the one that ``reading`` names, or the first that is shown and not empty.

    Raises
    ------
    UnreadableFile
        The workbook is damaged or locked, holds no table, or lacks the sheet.
    RefusedFile
        The sheet is too wide for a table.
    """
    book = folder / "book"  # without an ending, the reader looks at what is inside
    book.symlink_to(source.resolve())
    try:
        with CalamineWorkbook.from_path(book) as workbook:
            sheets = tuple(workbook.sheet_names)
            chosen, sheet = _chosen(workbook, reading.sheet, name=name)
            if sheet.width > limits.MAX_COLUMNS:
                raise RefusedFile(
                    f"{name} has {sheet.width:,} columns on the sheet {chosen!r}, too many for a table. "
                    "Turn it so that the long side runs down."
                )
            text = folder / "sheet.txt"
            preamble, left = _write(sheet, text, reading), sheet.start[1] if sheet.start else 0
    except PasswordError as problem:
        raise UnreadableFile(f"{name} is locked with a password. Save it without one and drop it again.") from problem
    except (CalamineError, OSError, ValueError) as problem:
        if isinstance(problem, (RefusedFile, UnreadableFile)) or getattr(problem, "errno", None) is not None:
            raise
        raise UnreadableFile(
            f"{name} is a damaged Excel workbook, or another Office document. Save it again as .xlsx."
        ) from problem
    below = Reading(delimiter=_PARTED, quote='"', header=reading.header, skipped=0)
    plain = TextSource(path=text, encoding="utf-8")
    opened = csv_to_parquet(plain, made, folder=folder, name=name, reading=below)
    bare = {column - left: count for column, count in bare_formulas(source, sheets.index(chosen)).items()}
    return _described(opened, bare, chosen, sheets, preamble)


def _described(
    opened: Opened, bare: Mapping[int, int], chosen: str, sheets: tuple[str, ...], preamble: Sequence[str]
) -> Opened:
    notes = [
        Note(
            about="reading",
            column=opened.columns[column],
            count=count,
            text=f"with {count:,} formulas that have no value as missing",
        )
        for column, count in bare.items()
        if 0 <= column < len(opened.columns)
    ]
    if preamble:
        notes.append(Note(about="parse", count=len(preamble), text=" / ".join(filter(str.strip, preamble))[:200]))
    dialect = {
        "format": "excel",
        "sheet": chosen,
        "sheets": list(sheets),
        "header": opened.dialect["header"],
        "skipped": len(preamble),
    }
    rejected = tuple(replace(row, text=row.text.replace(_PARTED, ", ")) for row in opened.rejected)
    return replace(opened, dialect=dialect, rejected=rejected, notes=(*notes, *opened.notes))


def _chosen(workbook: CalamineWorkbook, wanted: str | None, *, name: str) -> tuple[str, CalamineSheet]:
    if wanted is not None and wanted not in workbook.sheet_names:
        others = ", ".join(repr(sheet) for sheet in workbook.sheet_names[:5])
        raise UnreadableFile(f"{name} has no sheet {wanted!r}. Choose one of {others}.")
    shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet for sheet in workbook.sheet_names if sheet not in shown]
    for sheet in [wanted] if wanted is not None else [*shown, *hidden]:
        found = workbook.get_sheet_by_name(sheet)
        if found.height:
            return sheet, found
    which = f"the sheet {wanted!r}" if wanted is not None else "every sheet"
    raise UnreadableFile(f"{name}: {which} is empty, so there is no table. Choose another sheet, or drop another file.")


def _write(sheet: CalamineSheet, target: Path, reading: Reading) -> Sequence[str]:
    """Write the table as text; return what stood above it."""
    rows = (_texts(row) for row in sheet.iter_rows())
    head = list(islice(rows, limits.HEAD_ROWS))
    header = find_header(head, _merges(sheet), reading)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=_PARTED, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        if header.names:
            writer.writerow(header.names)
        for row in chain(head[header.above + header.depth :], rows):
            if any(row):
                writer.writerow(row)
    return [" ".join(filter(None, row))[:200] for row in head[: header.above]]


def _merges(sheet: CalamineSheet) -> Sequence[Merge]:
    """Return the merged ranges near the top, in columns of the table; rows are counted from the sheet's first."""
    left = sheet.start[1] if sheet.start else 0
    near = [m for m in sheet.merged_cell_ranges or () if m[0][0] <= 2 * limits.MAX_PREAMBLE and m[0][1] >= left]
    return [((top, first - left), (bottom, last - left)) for (top, first), (bottom, last) in near[: limits.MAX_COLUMNS]]


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: Any) -> str:
    """Write a cell as text that is read back as what it was: Excel knows no whole numbers, a date is a number there."""
    match value:
        case str():
            return value.replace(_PARTED, " ").replace("\x00", "")
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta():
            return str(value.total_seconds() / 86_400)
        case _:
            return repr(value)

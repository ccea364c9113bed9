"""What only the XML of an Excel sheet shows: formulas without a value, and how far its cells lie apart."""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from core.errors import RefusedFile
from core.frames import limits

_SHEET = re.compile(rb'<(?:\w+:)?sheet [^>]*?name="[^"]*"[^>]*?r:id="([^"]+)"')
_RELATION = re.compile(rb"<Relationship [^>]*>")
_BARE = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v */>|<v></v>)?</c>')
_COLUMNS, _ROWS = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<row r="([0-9]+)"')


def refuse_scattered(source: Path, *, name: str) -> None:
    """Refuse a sheet whose few cells span a rectangle that would fill the memory; its archive is proven whole.

    Raises
    ------
    RefusedFile
        A sheet is such a one.
    """
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            if not member.filename.startswith("xl/worksheets/") or member.file_size > limits.RATIO_FROM:
                continue
            content = archive.read(member)
            columns = max((_number(letters) for letters in set(_COLUMNS.findall(content))), default=0)
            rows = max((int(row) for row in set(_ROWS.findall(content))), default=0)
            cells = content.count(b"<c ")
            if columns > limits.MAX_COLUMNS:
                raise RefusedFile(
                    f"{name} has {columns:,} columns on a sheet, more than {limits.MAX_COLUMNS:,}. "
                    "Turn it so that the long side runs down."
                )
            if rows * columns > limits.SPARSE_CELLS and cells < limits.FILLED_SHARE * rows * columns:
                raise RefusedFile(
                    f"{name} has a sheet of {rows:,} rows and {columns:,} columns with only {cells:,} filled cells, "
                    "which would fill the memory. Delete what stands far from the table."
                )


def bare_formulas(source: Path, sheet: int) -> Mapping[int, int]:
    """Return how many formulas of the sheet have no value, by column from 0: the program that wrote them ran none."""
    if not zipfile.is_zipfile(source):
        return {}
    with zipfile.ZipFile(source) as archive:
        content = _content(archive, sheet)
    found = Counter(_number(letters) - 1 for letters in _BARE.findall(content)) if b"<f" in content else {}
    return dict(sorted(found.items()))


def _content(archive: zipfile.ZipFile, sheet: int) -> bytes:
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return b""
    ids = _SHEET.findall(archive.read("xl/workbook.xml"))
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {_attribute(relation, b"Id"): _attribute(relation, b"Target").decode() for relation in relations}
    target = targets.get(ids[sheet], "") if sheet < len(ids) else ""
    member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return archive.read(member) if member in names and archive.getinfo(member).file_size < limits.RATIO_FROM else b""


def _attribute(element: bytes, name: bytes) -> bytes:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', element)
    return found[1] if found else b""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

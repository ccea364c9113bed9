"""The rows at the head of a text table, as one way of writing it would have them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.frames import limits

_OPEN_QUOTE = 50  # lines in one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What parts the cells, and what surrounds and escapes them; ``quote`` is blank where quotes are letters.

    ``spaced``: blanks that follow a delimiter belong to no cell. They part cells where the delimiter is a blank.
    """

    delimiter: str
    quote: str = '"'
    escape: str = '"'
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank; ``number`` counts from 1 with the blank ones, ``line`` is where it ends in the text."""

    cells: list[str]
    number: int
    line: int

    @property
    def begins(self) -> int:
        """Return the line where it begins: a cell may hold line breaks."""
        return self.line - sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in self.cells)


def as_cells(lines: Iterable[str], writing: Writing, *, strict: bool) -> Iterator[list[str]]:
    """Read lines as rows of cells; ``strict`` raises ``csv.Error`` where a quote stands in the wrong place."""
    csv.field_size_limit(limits.MAX_LINE_BYTES)
    doubled = writing.escape == writing.quote
    if writing.delimiter == " ":  # blanks at the end of a line part nothing
        lines = (line.rstrip() + "\n" for line in lines)
    return csv.reader(
        lines,
        delimiter=writing.delimiter,
        quoting=csv.QUOTE_MINIMAL if writing.quote else csv.QUOTE_NONE,
        quotechar=writing.quote or None,
        doublequote=doubled,
        escapechar=None if doubled else writing.escape or None,
        skipinitialspace=writing.spaced,
        strict=strict,
    )


def rows_of(text: str, writing: Writing) -> list[Row]:
    """Read up to HEAD_ROWS rows; where a quote stays open over many lines, quotes are read as letters."""
    rows = _read(text, writing)
    if rows is None or any("\n" in cell and cell.count("\n") > _OPEN_QUOTE for row in rows for cell in row.cells):
        rows = _read(text, replace(writing, quote="", escape=""))
    return rows or []


def usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have."""
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 0


def _read(text: str, writing: Writing) -> list[Row] | None:
    """Return the rows, or ``None`` where a cell goes beyond what the reader holds: an open quote."""
    rows: list[Row] = []
    stream = _Counted(text)
    try:
        for number, cells in enumerate(as_cells(stream, writing, strict=False), start=1):
            if len(cells) > 1 or "".join(cells).strip():
                rows.append(Row(cells, number, stream.number))
            if len(rows) >= limits.HEAD_ROWS:
                break
    except csv.Error:
        return None
    return rows


class _Counted:
    """The lines of a text, counted as they are read."""

    def __init__(self, text: str) -> None:
        self._lines, self.number = io.StringIO(text, newline=""), 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            yield line

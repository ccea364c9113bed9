"""The rows at the head of a text table, as one way of writing it would have them."""

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.frames import limits

_OPEN_QUOTE = 50  # lines in one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What parts the cells, and what surrounds and escapes them; ``quote`` is blank where quotes are letters."""

    delimiter: str
    quote: str = '"'
    escape: str = '"'


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank; ``number`` counts from 1 with the blank ones, ``line`` is where it ends in the text."""

    cells: list[str]
    number: int
    line: int


def rows_of(text: str, writing: Writing) -> list[Row]:
    """Read up to HEAD_ROWS rows; where a quote stays open over many lines, quotes are read as letters."""
    rows = _read(text, writing)
    if rows is None or any("\n" in cell and cell.count("\n") > _OPEN_QUOTE for row in rows for cell in row.cells):
        rows = _read(text, Writing(delimiter=writing.delimiter, quote="", escape=""))
    return rows or []


def usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have."""
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 0


def score(rows: Sequence[Row]) -> float:
    """Score a way of writing: how many rows share one width, and how wide they are (with little weight)."""
    width = usual_width(rows)
    if width < 2:
        return 0.0
    share = sum(len(row.cells) == width for row in rows) / len(rows)
    return share**2 * (1 + 0.1 * math.log(width))


def _read(text: str, writing: Writing) -> list[Row] | None:
    """Return the rows, or ``None`` where a cell goes beyond what the reader holds: an open quote."""
    rows: list[Row] = []
    doubled = writing.escape == writing.quote
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=writing.delimiter,
        quoting=csv.QUOTE_MINIMAL if writing.quote else csv.QUOTE_NONE,
        quotechar=writing.quote or None,
        doublequote=doubled,
        escapechar=None if doubled else writing.escape or None,
    )
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > 1 or "".join(cells).strip():
                rows.append(Row(cells, number, reader.line_num))
            if len(rows) >= limits.HEAD_ROWS:
                break
    except csv.Error:
        return None
    return rows

"""How a text table is written: its delimiter, its header, what stands above it. Judged on the head of the file."""

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits

_FIRST, _LAST_RESORT = ",;\t|", "^~:\x01\x1f"
_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]+", re.IGNORECASE)  # what spreadsheets write above a table
_VALUE = re.compile(
    r"\s*([+-]?(\d[\d.,_ ]*|\.\d+)([eE][+-]?\d+)?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?|true|false|nan|-?inf)\s*",
    re.IGNORECASE,
)
_OPEN_QUOTE = 50  # lines in one cell
_YEARS = range(1_800, 2_200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How to read the file; ``skip`` counts the rows above the first one of data, ``preamble`` is what stood there."""

    delimiter: str
    names: tuple[str, ...]
    header: bool
    skip: int
    preamble: tuple[str, ...] = ()


def read_dialect(head: str, *, name: str, complete: bool) -> Dialect:
    """Judge the head of a text table (``complete``: it is the whole file).

    Raises
    ------
    UnreadableFile
        The file holds nothing but blanks.
    RefusedFile
        A line never ends, or there are more columns than any check could walk through.
    """
    if not head.strip():
        raise UnreadableFile(f"{name} is empty: there is no table in it. Drop a file with a header and rows.")
    _refuse_endless(head, name=name, complete=complete)
    text = head if complete else head[: max(head.rfind("\n"), head.rfind("\r")) + 1]
    told = _SEPARATOR_LINE.match(text)
    delimiter, rows = (told[1], _rows(text, told[1])[1:]) if told else _best_delimiter(text)
    if not rows:
        raise UnreadableFile(f"{name} holds no row that can be read. Drop a file with a header and rows.")
    width = _usual_width(rows)
    first = next((i for i, row in enumerate(rows) if len(row.cells) == width), 0)
    first = first if first <= limits.MAX_PREAMBLE else 0
    if first and _is_short_header(rows, first, width):
        first -= 1
    if max(width, len(rows[first].cells)) > limits.MAX_COLUMNS:
        raise RefusedFile(
            f"{name} has more than {limits.MAX_COLUMNS:,} columns, too many for a table. "
            "Check its delimiter, or turn it so that the long side runs down."
        )
    return _with_header(rows, first, delimiter, width)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    number: int  # from 1, blank lines counted; a line break in quotes begins no new row


def _refuse_endless(head: str, *, name: str, complete: bool) -> None:
    """Refuse a first line, or one that the head does not see the end of, beyond what a row may hold."""
    lines = re.split(r"[\r\n]", head)
    longest = max(len(lines[0]), 0 if complete else len(lines[-1]))
    if longest >= limits.MAX_LINE_BYTES:
        raise RefusedFile(
            f"{name} holds a line of more than {limits.MAX_LINE_BYTES // 1_000_000} MB near its start: "
            "a table has shorter rows. Check how it was written."
        )


def _rows(text: str, delimiter: str) -> list[_Row]:
    """Read up to HEAD_ROWS rows; where a quote stays open over many lines, quotes are read as letters."""
    rows: list[_Row] = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        rows = []
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
            for number, cells in enumerate(reader, start=1):
                if len(cells) > 1 or "".join(cells).strip():
                    rows.append(_Row(cells, number))
                if len(rows) >= limits.HEAD_ROWS:
                    break
        except csv.Error:  # a cell beyond the reader's own limit: an open quote again
            continue
        if not any("\n" in cell and cell.count("\n") > _OPEN_QUOTE for row in rows for cell in row.cells):
            break
    return rows


def _usual_width(rows: list[_Row]) -> int:
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 0


def _score(rows: list[_Row]) -> float:
    """Score a delimiter: how many rows share one width, and how wide they are (with little weight)."""
    width = _usual_width(rows)
    if width < 2:
        return 0.0
    share = sum(len(row.cells) == width for row in rows) / len(rows)
    return share**2 * (1 + 0.1 * math.log(width))


def _is_sure(rows: list[_Row]) -> bool:
    """Tell whether an unusual delimiter is one: it also parts a header (a colon is also in every time of day)."""
    return _score(rows) > 0.9 and len(rows[0].cells) == _usual_width(rows) and _looks_like_names(rows[0].cells)


def _best_delimiter(text: str) -> tuple[str, list[_Row]]:
    for family in (_FIRST, _LAST_RESORT):
        read = {delimiter: _rows(text, delimiter) for delimiter in family}
        best = max(read, key=lambda delimiter: (_score(read[delimiter]), -family.index(delimiter)))
        if _score(read[best]) > 0.25 if family is _FIRST else _is_sure(read[best]):
            return best, read[best]
    # One column: of sentences where commas stand between words, of values where they do not.
    rows = _rows(text, ",")
    alone = sum(len(row.cells) == 1 for row in rows) > 0.9 * len(rows)
    return (",", rows) if alone else ("\x1f", _rows(text, "\x1f"))


def _is_short_header(rows: list[_Row], first: int, width: int) -> bool:
    """Tell whether the row above is a header with fewer (or more) names than the rows have cells."""
    above = rows[first - 1].cells
    return len(above) >= max(2, width - 2) and _looks_like_names(above)


def _looks_like_names(cells: list[str]) -> bool:
    named = [cell for cell in cells if cell.strip()]
    return bool(named) and not any(_VALUE.fullmatch(cell) for cell in named)


def _is_header(cells: list[str], body: list[_Row]) -> bool:
    if _looks_like_names(cells):
        return True
    numbers = [cell.strip() for cell in cells if _VALUE.fullmatch(cell)]
    years = all(text.isdigit() and int(text) in _YEARS for text in numbers)
    if years and len(set(numbers)) == len(numbers) < len(cells) and not _looks_like_names([cells[-1]]):
        return True
    return not body and len(numbers) < len(cells)


def _with_header(rows: list[_Row], first: int, delimiter: str, width: int) -> Dialect:
    body = [row for row in rows[first + 1 :] if len(row.cells) == width]
    header = _is_header(rows[first].cells, body)
    given = rows[first].cells if header else []
    trailing = bool(body) and len(given) in (width - 1, width) and not any(row.cells[-1].strip() for row in body)
    if trailing and not "".join(given[width - 1 :]).strip():  # every row ends with a delimiter: no column of its own
        width -= 1
    width = max(width, len(given)) if not body else width
    if header and len(given) == width - 1 and _counts_up(body):
        given = ["", *given]
    names = tuple((given + [""] * width)[:width]) if header else ()
    start = rows[first].number - (0 if header else 1)
    above = tuple(delimiter.join(row.cells)[:200] for row in rows[: first if header else max(first, 0)])
    return Dialect(
        delimiter=delimiter,
        names=names or tuple(f"column_{i}" for i in range(1, width + 1)),
        header=header,
        skip=start,
        preamble=above,
    )


def _counts_up(body: list[_Row]) -> bool:
    """Tell whether the first cells number the rows, as R writes them without a name."""
    first = [row.cells[0].strip() for row in body[:50]]
    return first in ([str(i) for i in range(len(first))], [str(i) for i in range(1, len(first) + 1)])

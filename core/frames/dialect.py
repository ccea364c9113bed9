"""How a text table is written: its delimiter, its header, what stands above it. Judged on the head of the file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.head_rows import Row, Writing, rows_of, usual_width
from core.frames.header import is_header, looks_like_names, padded_titles
from core.frames.reading import AS_GUESSED, Reading
from core.frames.writing import best_writing, writing_with

_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]+", re.IGNORECASE)  # what spreadsheets write above a table
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How to read the file.

    ``skip`` counts the rows above the first one of data, ``above`` their lines. ``preamble`` is what stood above the
    header, and ``lines`` how many lines that took.
    """

    writing: Writing
    names: tuple[str, ...]
    header: bool
    skip: int
    preamble: tuple[str, ...] = ()
    lines: int = 0
    above: int = 0


def read_dialect(head: str, *, name: str, complete: bool, reading: Reading = AS_GUESSED) -> Dialect:
    """Judge the head of a text table (``complete``: it is the whole file), as far as ``reading`` does not say.

    Raises
    ------
    UnreadableFile
        The file holds nothing but blanks, or is not written as ``reading`` says.
    RefusedFile
        A line never ends, or there are more columns than any check could walk through.
    """
    if not head.strip():
        raise UnreadableFile(f"{name} is empty: there is no table in it. Drop a file with a header and rows.")
    _refuse_endless(head, name=name, complete=complete)
    text = head if complete else head[: max(head.rfind("\n"), head.rfind("\r")) + 1]
    skipped = _skipped(text, reading, name=name)
    told = _SEPARATOR_LINE.match(text) if not skipped else None
    writing, rows = _writing(text[skipped:], told[1] if told else None, reading, name=name)
    rows = rows[1:] if told else rows
    if not rows:
        raise UnreadableFile(f"{name} holds no row that can be read. Drop a file with a header and rows.")
    width = usual_width(rows)
    first = 0 if reading.skipped is not None else _first(rows, width)
    if max(width, len(rows[first].cells)) > limits.MAX_COLUMNS:
        raise RefusedFile(
            f"{name} has more than {limits.MAX_COLUMNS:,} columns, too many for a table. "
            "Check its delimiter, or turn it so that the long side runs down."
        )
    return _with_header(rows, first, writing, reading)


def _refuse_endless(head: str, *, name: str, complete: bool) -> None:
    """Refuse a first line, or one that the head does not see the end of, beyond what a row may hold."""
    lines = re.split(r"[\r\n]", head)
    longest = max(len(lines[0]), 0 if complete else len(lines[-1]))
    if longest >= limits.MAX_LINE_BYTES:
        raise RefusedFile(
            f"{name} holds a line of more than {limits.MAX_LINE_BYTES // 1_000_000} MB near its start: "
            "a table has shorter rows. Check how it was written."
        )


def _skipped(text: str, reading: Reading, *, name: str) -> int:
    """Return where the text begins once the lines to skip are left out."""
    at = 0
    for _ in range(reading.skipped or 0):
        end = _LINE_END.search(text, at)
        if end is None or not text[end.end() :].strip():
            raise UnreadableFile(f"{name} has no row below {reading.skipped:,} skipped lines. Skip fewer of them.")
        at = end.end()
    return at


def _writing(text: str, told: str | None, reading: Reading, *, name: str) -> tuple[Writing, list[Row]]:
    quote, wanted = reading.quote, reading.delimiter if reading.delimiter is not None else told
    if (quote is not None and len(quote) > 1) or (wanted is not None and not _is_delimiter(wanted, quote or "")):
        raise UnreadableFile(f"{name} cannot be read so: a delimiter and a quote are one character each, and differ.")
    if wanted is None:
        return best_writing(text, quote)
    writing = writing_with(text, wanted, quote)
    rows = rows_of(text, writing)
    if told is None and usual_width(rows) < 2 <= usual_width(best_writing(text, quote)[1]):
        shown = {"\t": "tab", " ": "space"}.get(wanted, wanted)
        raise UnreadableFile(
            f"{name} is not parted by {shown!r}: nearly every line is one cell. Choose another delimiter."
        )
    return writing, rows


def _is_delimiter(delimiter: str, quote: str) -> bool:
    return len(delimiter) == 1 and delimiter not in ("\n", "\r", quote)


def _first(rows: Sequence[Row], width: int) -> int:
    """Return which row is the header, or the first of data where there is none."""
    first = next((i for i, row in enumerate(rows) if len(row.cells) == width), 0)
    titles = padded_titles([row.cells for row in rows[first : first + limits.MAX_PREAMBLE + 1]])
    if titles:
        return first + titles
    first = first if first <= limits.MAX_PREAMBLE else 0
    return first - 1 if first and _is_short_header(rows, first, width) else first


def _is_short_header(rows: Sequence[Row], first: int, width: int) -> bool:
    """Tell whether the row above is a header with fewer (or more) names than the rows have cells."""
    above = rows[first - 1].cells
    return len(above) >= max(2, width - 2) and looks_like_names(above)


def _with_header(rows: list[Row], first: int, writing: Writing, reading: Reading) -> Dialect:
    width = usual_width(rows)
    body = [row for row in rows[first + 1 :] if len(row.cells) == width]
    header = reading.header if reading.header is not None else is_header(rows[first].cells, body)
    given = rows[first].cells if header else []
    trailing = bool(body) and len(given) in (width - 1, width) and not any(row.cells[-1].strip() for row in body)
    if trailing and not "".join(given[width - 1 :]).strip():  # every row ends with a delimiter: no column of its own
        width -= 1
    width = max(width, len(given)) if not body else width
    if header and len(given) == width - 1 and _counts_up(body):
        given = ["", *given]
    names = tuple((given + [""] * width)[:width]) if header else ()
    skipped = reading.skipped or 0
    lines = skipped + rows[first].begins - 1
    return Dialect(
        writing=writing,
        names=names or tuple(f"column_{i}" for i in range(1, width + 1)),
        header=header,
        skip=skipped + rows[first].number - (0 if header else 1),
        preamble=tuple(title for row in rows[:first] if (title := _title(row, writing))),
        lines=lines,
        above=skipped + rows[first].line if header else lines,
    )


def _title(row: Row, writing: Writing) -> str:
    return writing.delimiter.join(row.cells).rstrip(f"{writing.delimiter} ")[:200]


def _counts_up(body: Sequence[Row]) -> bool:
    """Tell whether the first cells number the rows, as R writes them without a name."""
    first = [row.cells[0].strip() for row in body[:50]]
    return first in ([str(i) for i in range(len(first))], [str(i) for i in range(1, len(first) + 1)])

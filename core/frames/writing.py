"""How the cells of a text table are parted, quoted and escaped: judged by rows of one width and plain cells."""

import math
import re
from collections.abc import Sequence
from itertools import islice

from core.frames.head_rows import Row, Writing, rows_of, usual_width
from core.frames.header import is_value, looks_like_names, padded_titles

_USUAL, _UNUSUAL = ",;\t|", ":^~\x01\x1f "
_UNIT = "\x1f"  # where nothing parts cells
_ENOUGH, _SURE = 0.25, 0.8
_SHOWN = 100  # rows whose cells are looked at
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^,;\t|:\x01\x1f\"]*")


def best_writing(text: str, quote: str | None) -> tuple[Writing, list[Row]]:
    """Return the way of writing that fits best (``quote`` as told, or judged), and the rows it gives."""
    best, rows, fits = _best(text, _USUAL, quote)
    if fits < _SURE:
        other, found, fits_too = _best(text, _UNUSUAL, quote)
        if other is not None and fits_too > fits and _is_sure(found, other):
            return other, found
    if best is not None and fits > _ENOUGH:
        return best, rows
    # One column: of sentences where commas stand between words, of values where they do not.
    comma, none = _of(text, ",", quote), _of(text, _UNIT, quote)
    rows = rows_of(text, comma)
    alone = sum(len(row.cells) == 1 for row in rows) > 0.9 * len(rows)
    return (comma, rows) if alone else (none, rows_of(text, none))


def _best(text: str, delimiters: str, quote: str | None) -> tuple[Writing | None, list[Row], float]:
    ways = [_of(text, delimiter, quote) for delimiter in delimiters if delimiter in text]
    read = {way: rows_of(text, way) for way in ways}
    scores = {way: _score(read[way]) for way in ways}
    best = max(ways, key=lambda way: (scores[way], -ways.index(way)), default=None)
    return (best, read[best], scores[best]) if best is not None else (None, [], 0.0)


def writing_with(text: str, delimiter: str, quote: str | None) -> Writing:
    """Return the way of writing with this delimiter; quote (unless told) and escape are judged."""
    return _of(text, delimiter, quote)


def _of(text: str, delimiter: str, quote: str | None) -> Writing:
    sample = text[:200_000]
    quote = _quote(sample, delimiter) if quote is None else quote
    if not quote:
        return Writing(delimiter=delimiter, quote="", escape="", spaced=delimiter == " ")
    spaced = delimiter == " " or bool(re.search(f"[^{quote}]{re.escape(delimiter)} +{quote}[^{quote}]", sample))
    return Writing(delimiter=delimiter, quote=quote, escape=_escape(sample, delimiter, quote), spaced=spaced)


def _quote(sample: str, delimiter: str) -> str:
    """Return the quote that begins and ends cells; an apostrophe within words is none."""
    parted = re.escape(delimiter)
    counts = {
        quote: min(
            len(re.findall(f"(?:^|{parted}) *{quote}(?! *(?:$|{parted}))", sample, re.MULTILINE)),
            len(re.findall(f"{quote} *(?:[\r\n]|$|{parted})", sample, re.MULTILINE)),
        )
        for quote in "\"'"
    }
    return "'" if counts["'"] > counts['"'] else '"'


def _escape(sample: str, delimiter: str, quote: str) -> str:
    """Return what escapes a quote inside quotes: itself, unless backslashes stand before more of them."""
    end = f"(?:[\r\n]|$|{re.escape(delimiter)})"
    by_slash = len(re.findall(rf"\\{quote}(?!{end})|\\{quote}{quote}{end}", sample))
    if not by_slash:
        return quote
    doubled = len(re.findall(rf"(?<!\\){quote}{quote}(?!{end})", sample))
    return "\\" if by_slash > doubled else quote


def _score(rows: Sequence[Row]) -> float:
    """Score a way of writing: how many rows share one width, how plain their cells are, and a little how wide."""
    width = usual_width(rows)
    if width < 2:
        return 0.0
    share = sum(len(row.cells) == width for row in rows) / len(rows)
    cells = [cell for row in islice((row for row in rows if len(row.cells) == width), _SHOWN) for cell in row.cells]
    plain = sum(is_value(cell) or bool(_WORD.fullmatch(cell)) for cell in cells) / len(cells)
    return share**2 * (1 + 0.1 * math.log(width)) * (0.4 + 0.6 * plain)


def _is_sure(rows: Sequence[Row], way: Writing) -> bool:
    """Tell whether an unusual delimiter is one: a colon is also in every time of day, a blank between words.

    It is one where nearly all rows have one width, a column holds values, and the first row or a column holds words.
    """
    width = usual_width(rows)
    table = [row.cells for row in rows if len(row.cells) == width]
    below = len(rows) - next((i for i, row in enumerate(rows) if len(row.cells) == width), 0)
    if width < 2 or len(table) < 2 or len(table) < _SURE * below:
        return False
    table = table[padded_titles(table) :]
    names, body = looks_like_names(table[0]), table[1:]
    columns = list(zip(*body, strict=True))
    values = any(all(map(is_value, column)) and any(map(str.strip, column)) for column in columns)
    words = any(all(not is_value(cell) and _LETTER.search(cell) for cell in column) for column in columns)
    return values and (names and width > 2 if way.delimiter == " " else names or words)

"""Whether the first row of a text table names its columns."""

import re
from collections.abc import Sequence

from core.frames.head_rows import Row

_VALUE = re.compile(
    r"\s*([+-]?(\d[\d.,_ ]*|\.\d+)([eE][+-]?\d+)?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?|true|false|nan|-?inf)\s*",
    re.IGNORECASE,
)
_YEARS = range(1_800, 2_200)


def is_value(cell: str) -> bool:
    """Tell whether a cell is a number, a date, a truth value or blank."""
    return not cell.strip() or _VALUE.fullmatch(cell) is not None


def looks_like_names(cells: Sequence[str]) -> bool:
    """Tell whether no cell is a number, a date or a truth value."""
    named = [cell for cell in cells if cell.strip()]
    return bool(named) and not any(_VALUE.fullmatch(cell) for cell in named)


def padded_titles(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows are titles that a spreadsheet has filled up with delimiters, above a full row of names."""
    width = max(map(len, rows), default=0)
    filled = [sum(map(bool, map(str.strip, row))) for row in rows]
    names = next((i for i, count in enumerate(filled) if count > width // 3), 0)
    return names if names and filled[names] >= width - 1 and looks_like_names(rows[names]) else 0


def is_header(cells: Sequence[str], body: Sequence[Row]) -> bool:
    """Tell whether a row above ``body`` holds names; years may be among them."""
    if looks_like_names(cells):
        return True
    numbers = [cell.strip() for cell in cells if _VALUE.fullmatch(cell)]
    years = all(text.isdigit() and int(text) in _YEARS for text in numbers)
    if years and len(set(numbers)) == len(numbers) < len(cells) and not looks_like_names([cells[-1]]):
        return True
    return not body and len(numbers) < len(cells)

"""One known table, written in more than two thousand ways that people and programs write tables: always the same ones.

The ways are those of the Pollock benchmark (Vitagliano et al., PVLDB 16, 2023) and the encodings beside: every kind of
pollution with every delimiter, quote, escape and line end; encodings, quoting and the last line's end take turns.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

Value = int | float | str | date | None
NAMES = ("id", "name", "city", "amount", "day", "note")
DELIMITERS = (",", ";", "\t", "|", ":")
QUOTES = (('"', '"'), ('"', "\\"), ("'", "'"), ("'", "\\"))
ENDS = ("\n", "\r\n", "\r", "mixed")
QUOTING = ("minimal", "all", "texts")
WORDS = {
    "western": ("Zürich", "Genève", "Malmö", "São Paulo", "Córdoba", "Köln", "Besançon", "Århus"),
    "central": ("Łódź", "Kraków", "Plzeň", "Győr", "Žilina", "Částkov", "Székesfehérvár", "Świdnica"),
    "cyrillic": ("Москва", "Казань", "Самара", "Нижний Новгород", "Тверь", "Пермь", "Челябинск", "Воронеж"),
    "japanese": ("東京都", "大阪市", "さっぽろ", "カナガワ", "名古屋", "福岡の町", "せんだい", "横浜市"),
    "chinese": ("北京市", "上海市", "广州市", "深圳市", "成都市", "重庆市", "武汉市", "西安市"),
}
ENCODINGS: Mapping[str, str] = {
    "utf-8": "western",
    "utf-8-sig": "central",
    "utf-16": "cyrillic",
    "utf-16-le": "western",
    "utf-16-be": "central",
    "utf-32": "japanese",
    "utf-32-le": "western",
    "utf-32-be": "cyrillic",
    "cp1252": "western",
    "latin-1": "western",
    "shift_jis": "japanese",
    "gb18030": "chinese",
    "koi8-r": "cyrillic",
    "cp1250": "central",
    "cp1251": "cyrillic",
    "iso8859-2": "central",
}
_ROWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a file is written."""

    delimiter: str
    quote: str
    escape: str
    end: str
    encoding: str
    quoting: str
    last_end: bool


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Lines to be written (cells, or a text as it stands), and what is to be read: ``rejected`` are lines from 1."""

    lines: list[Sequence[Value] | str]
    names: list[str]
    rows: list[tuple[Value, ...]]
    rejected: list[int] = field(default_factory=list[int])
    shown: Callable[[Value], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polluted:
    """A file and what is to be read of it."""

    kind: str
    way: Way
    content: bytes
    names: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    rejected: tuple[int, ...]


def table(words: Sequence[str], way: Way) -> list[tuple[Value, ...]]:
    """Return the known table: numbers, texts with every sign that parts or quotes, days, gaps."""
    notes = (f"a{way.delimiter}b", f"say {way.quote}hi{way.quote}", None, "plain", "50 % off", "#1 of 3")
    return [
        (
            i,
            f"{words[i % 8]} {i % 3}",
            words[(3 * i + 1) % 8],
            round(1234.5 * i / 7 + 0.25, 2) if i % 9 else None,
            date(2013, 1, 1) + timedelta(days=11 * i),
            notes[i % 6],
        )
        for i in range(1, _ROWS + 1)
    ]


def variants() -> Iterator[Polluted]:
    """Yield every variant, in the same order each time."""
    encodings = list(ENCODINGS)
    ways = list(product(DELIMITERS, QUOTES, ENDS))
    for k, (kind, pollute) in enumerate(POLLUTIONS.items()):
        for i, (delimiter, (quote, escape), end) in enumerate(ways):
            way = Way(
                delimiter=delimiter,
                quote=quote,
                escape=escape,
                end=end,
                encoding=encodings[(i * 7 + k * 3) % len(encodings)],
                quoting=QUOTING[(i + k) % 3],
                last_end=(i + k) % 4 != 0,
            )
            yield _made(kind, way, pollute)


def _made(kind: str, way: Way, pollute: Callable[[Sheet, Way], None]) -> Polluted:
    rows = table(WORDS[ENCODINGS[way.encoding]], way)
    sheet = Sheet(lines=[NAMES, *rows], names=list(NAMES), rows=rows)
    pollute(sheet, way)
    ends = ("\n", "\r\n") if way.end == "mixed" else (way.end, way.end)
    lines = [line if isinstance(line, str) else _line(line, sheet, way) for line in sheet.lines]
    text = "".join(line + ends[i % 2] for i, line in enumerate(lines))
    text = text if way.last_end else text.removesuffix(ends[(len(lines) - 1) % 2])
    return Polluted(
        kind=kind,
        way=way,
        content=text.encode(way.encoding),
        names=tuple(sheet.names),
        rows=tuple(sheet.rows),
        rejected=tuple(sheet.rejected),
    )


def _line(cells: Sequence[Value], sheet: Sheet, way: Way) -> str:
    return way.delimiter.join(_cell(value, sheet, way) for value in cells)


def _cell(value: Value, sheet: Sheet, way: Way) -> str:
    text = sheet.shown(value) if sheet.shown is not None else plain(value)
    special = any(sign in text for sign in (way.delimiter, way.quote, "\n", "\r"))
    if not text or not (special or way.quoting == "all" or (way.quoting == "texts" and isinstance(value, str))):
        return text
    escaped = text.replace("\\", "\\\\") if way.escape == "\\" else text
    return way.quote + escaped.replace(way.quote, way.escape + way.quote) + way.quote


def plain(value: Value) -> str:
    """Write a value as most programs do."""
    return "" if value is None else str(value)


def decimal_comma(value: Value) -> str:
    """Write numbers as in Berlin."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,")) if isinstance(value, float) else plain(value)


def french(value: Value) -> str:
    """Write numbers as in Paris, with a space that does not break (every encoding here but Asian ones has one)."""
    return f"{value:,.2f}".translate(str.maketrans(",.", " ,")) if isinstance(value, float) else plain(value)


def thousands(value: Value) -> str:
    """Write numbers as in Boston."""
    return f"{value:,.2f}" if isinstance(value, float) else plain(value)


def german_days(value: Value) -> str:
    """Write days as in Berlin."""
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else plain(value)


def missing_marked(value: Value) -> str:
    """Write what is missing as ``NA`` among numbers; texts keep their gaps."""
    return "NA" if value is None else str(value)


def _as(shown: Callable[[Value], str]) -> Callable[[Sheet, Way], None]:
    def pollute(sheet: Sheet, _: Way) -> None:
        sheet.shown = shown

    return pollute


def _insert(*lines: tuple[int, str], rejected: Sequence[int] = ()) -> Callable[[Sheet, Way], None]:
    """Put lines as they stand at places (of the file as it then is); ``{d}`` in them is the delimiter."""

    def pollute(sheet: Sheet, way: Way) -> None:
        for place, line in lines:
            at = place if place >= 0 else len(sheet.lines)
            sheet.lines.insert(at, line.replace("{d}", way.delimiter))
        sheet.rejected = [line if line > 0 else len(sheet.lines) + 1 + line for line in rejected]

    return pollute


def _names(*names: str, read: Sequence[str]) -> Callable[[Sheet, Way], None]:
    def pollute(sheet: Sheet, _: Way) -> None:
        sheet.lines[0] = names
        sheet.names = list(read)

    return pollute


def _nothing(sheet: Sheet, way: Way) -> None:
    pass


def _no_header(sheet: Sheet, _: Way) -> None:
    del sheet.lines[0]
    sheet.names = [f"column_{i}" for i in range(1, 7)]


def _trailing(sheet: Sheet, way: Way) -> None:
    sheet.lines = [(*line, None) for line in sheet.lines if not isinstance(line, str)]


def _short_header(sheet: Sheet, _: Way) -> None:
    """R writes row names without a name above them."""
    sheet.lines = [NAMES, *((i, *row) for i, row in enumerate(sheet.rows, start=1))]
    sheet.names = ["column_1", *NAMES]
    sheet.rows = [(i, *row) for i, row in enumerate(sheet.rows, start=1)]


def _cut_row(sheet: Sheet, _: Way) -> None:
    sheet.lines[10] = sheet.rows[9][:4]
    sheet.rejected, sheet.rows = [11], sheet.rows[:9] + sheet.rows[10:]


def _long_row(sheet: Sheet, _: Way) -> None:
    sheet.lines[10] = (*sheet.rows[9], "more", "cells")
    sheet.rejected, sheet.rows = [11], sheet.rows[:9] + sheet.rows[10:]


def _ragged(sheet: Sheet, _: Way) -> None:
    for at in (5, 20, 33):
        sheet.lines[at] = sheet.rows[at - 1][: at % 4 + 1] if at != 20 else (*sheet.rows[19], "x")
    sheet.rejected = [6, 21, 34]
    sheet.rows = [row for i, row in enumerate(sheet.rows, start=1) if i not in (5, 20, 33)]


def _lines_in_cells(sheet: Sheet, _: Way) -> None:
    changed = [(*row[:5], "first line\nsecond, line" if i % 5 == 2 else row[5]) for i, row in enumerate(sheet.rows)]
    sheet.lines, sheet.rows = [sheet.lines[0], *changed], changed


def _total(sheet: Sheet, way: Way) -> None:
    total = sum(row[3] for row in sheet.rows if isinstance(row[3], float))
    sheet.lines.append(("Total", None, None, round(total, 2), None, None))
    sheet.rejected = [len(sheet.lines)]


def _wide(sheet: Sheet, _: Way) -> None:
    extra = tuple(f"x{i}" for i in range(30))
    sheet.names = [*NAMES, *extra]
    sheet.rows = [(*row, *(i * j for j in range(30))) for i, row in enumerate(sheet.rows, start=1)]
    sheet.lines = [tuple(sheet.names), *sheet.rows]


def _one_row(sheet: Sheet, _: Way) -> None:
    sheet.rows = sheet.rows[:1]
    sheet.lines = sheet.lines[:2]


def _spaced(sheet: Sheet, _: Way) -> None:
    """A blank line after every row."""
    sheet.lines = [part for line in sheet.lines for part in (line, "")]


def _spaced_names(sheet: Sheet, _: Way) -> None:
    sheet.lines[0] = tuple(f" {name} " for name in NAMES)


def _separator_line(sheet: Sheet, way: Way) -> None:
    sheet.lines.insert(0, f"sep={way.delimiter}")


def _empty_column(sheet: Sheet, _: Way) -> None:
    sheet.rows = [(*row[:5], None) for row in sheet.rows]
    sheet.lines = [NAMES, *sheet.rows]


POLLUTIONS: Mapping[str, Callable[[Sheet, Way], None]] = {
    "none": _nothing,
    "a title above": _insert((0, "Report of 2013")),
    "a title and a blank line above": _insert((0, "Report of 2013"), (1, "")),
    "three lines and blanks above": _insert(
        (0, "Report of 2013"), (1, ""), (2, "by the office"), (3, ""), (4, "final")
    ),
    "a title of several cells above": _insert((0, "Report{d}2013"), (1, "")),
    "a title filled up with delimiters above": _insert((0, "Report of 2013{d}{d}{d}{d}{d}"), (1, "{d}{d}{d}{d}{d}")),
    "comments above": _insert((0, "# made by a program"), (1, "# on 1 March")),
    "blank lines above": _insert((0, ""), (0, "")),
    "a comment within": _insert((12, "# checked up to here"), rejected=[13]),
    "blank lines within": _insert((12, ""), (20, ""), (21, "")),
    "a blank line after every row": _spaced,
    "blank lines below": _insert((-1, ""), (-1, ""), (-1, "")),
    "a line of blanks below": _insert((-1, "   ")),
    "a remark below": _insert((-1, "Source: the office"), rejected=[-1]),
    "two remarks below a blank line": _insert(
        (-1, ""), (-1, "Source: the office"), (-1, "(c) 2013"), rejected=[-2, -1]
    ),
    "a total line": _total,
    "a short row": _cut_row,
    "a long row": _long_row,
    "ragged rows": _ragged,
    "lines in cells": _lines_in_cells,
    "a delimiter at each end": _trailing,
    "no header": _no_header,
    "row names without a name": _short_header,
    "repeated names": _names(
        "id", "name", "name", "amount", "day", "name", read=["id", "name", "name_2", "amount", "day", "name_3"]
    ),
    "a blank name": _names(
        "id", "", "city", "amount", "day", "note", read=["id", "column_2", "city", "amount", "day", "note"]
    ),
    "blanks around names": _spaced_names,
    "a decimal comma": _as(decimal_comma),
    "a decimal comma and spaces": _as(french),
    "a comma between thousands": _as(thousands),
    "days as in Berlin": _as(german_days),
    "many columns": _wide,
    "one row": _one_row,
    "a column without a value": _empty_column,
    "a line that names the delimiter": _separator_line,
}

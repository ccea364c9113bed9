"""Rows that repeat the header, as where files were joined: no observations, and they would make every column text."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from core.frames.dialect import Dialect
from core.frames.duck import literal
from core.frames.head_rows import as_cells
from core.frames.opened import Note
from core.frames.rejects import Rejects

HEADER_AGAIN = "the header again"
"""Why such a row is left out, and what the note on it is about."""

_COLUMNS = 200  # are enough to tell
_LINES = 5


def header_again(dialect: Dialect) -> str | None:
    """Return the SQL that holds for a staged row which repeats the header; ``None`` where two names are not given."""
    names = _trimmed(dialect.names[:_COLUMNS])
    if not dialect.header or sum(map(bool, names)) < 2:
        return None
    return " AND ".join(f"coalesce(trim(c{i}), '') = {literal(name)}" for i, name in enumerate(names))


def without_header(sample: pl.DataFrame, dialect: Dialect) -> pl.DataFrame:
    """Return staged rows without those that repeat the header."""
    names = _trimmed(dialect.names[:_COLUMNS])
    same = (pl.col(f"c{i}").fill_null("").str.strip_chars() == name for i, name in enumerate(names))
    return sample.filter(~pl.all_horizontal(same))


def leave_out(source: Path, dialect: Dialect, count: int, *, rejects: Rejects) -> Note:
    """Keep the ``count`` rows among those left out, by their lines where they can be found, and say so."""
    before, lines = rejects.count, list[int]()
    for line, text in _lines(source, dialect):
        rejects.add(line, HEADER_AGAIN, text)
        lines.append(line)
    rejects.count = before + count
    rejects.rows.sort(key=lambda row: row.line)
    more = f" and {count - _LINES:,} more" if count > _LINES else ""
    said = ", ".join(f"{line:,}" for line in lines[:_LINES])
    return Note(about=HEADER_AGAIN, count=count, text=f"line{'s' if count > 1 else ''} {said}{more}" if lines else "")


def _lines(source: Path, dialect: Dialect) -> Iterator[tuple[int, str]]:
    names = _trimmed(dialect.names)
    telling = max(names, key=len)
    with source.open(encoding="utf-8", errors="replace", newline="") as stream:
        for number, text in enumerate(stream, start=1):
            if number > dialect.above and telling in text:
                cells = next(as_cells(iter([text]), dialect.writing, strict=False), [])
                if _trimmed(cells)[: len(names)] == names:
                    yield number, text


def _trimmed(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]

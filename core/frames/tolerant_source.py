"""Text tables that are not written regularly, row by row: what fits is kept, what does not is named with its line."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from core.frames import limits
from core.frames.dialect import Dialect
from core.frames.head_rows import Writing, as_cells
from core.frames.rejects import Rejects

_ROWS = 20_000  # of a group in the staged file
_OPEN, _FEW, _MANY = "a quote that does not close", "too few cells", "too many cells"
_LONG = f"longer than {limits.MAX_LINE_BYTES // 1_000_000} MB"
_COMMENT = "a comment"
_END: list[str] = []  # this very list, not one like it: a blank line is a row without cells


class _Unclosed(Exception):
    """A row goes on over more lines than any cell holds."""


@dataclass(slots=True)
class _Lines:
    """The lines of a file, some of which can be read again; ``number`` is that of the last one."""

    stream: TextIO
    number: int = 0
    again: list[str] = field(default_factory=list[str])
    taken: list[str] = field(default_factory=list[str])
    size: int = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else self._read()
        if not line:
            raise StopIteration
        self.taken.append(line)
        self.number += 1
        self.size += len(line)
        if len(self.taken) > limits.MAX_CELL_LINES or self.size > limits.MAX_LINE_BYTES:
            raise _Unclosed
        return line

    def begin(self) -> int:
        """Begin a row, and return the number of its line."""
        self.taken, self.size = [], 0
        return self.number + 1

    def _read(self) -> str:
        """Return the next line; of one beyond the limit, the rest is left out."""
        line = rest = self.stream.readline(limits.MAX_LINE_BYTES)
        while len(rest) >= limits.MAX_LINE_BYTES and not rest.endswith(("\n", "\r")):
            rest = self.stream.readline(limits.MAX_LINE_BYTES)
        return line

    def give_back(self) -> None:
        """Give back all lines of the row but its first."""
        rest = self.taken[1:]
        self.again.extend(reversed(rest))
        self.number -= len(rest)


def stage_tolerantly(source: Path, staged: Path, *, dialect: Dialect) -> Rejects:
    """Write the rows to ``staged`` as texts c0, c1, ...; return those that do not fit.

    A row that does not fit because a quote stays open ends with its line: the rows below are read again by themselves.
    """
    rejects, width = Rejects(), len(dialect.names)
    schema = pa.schema([(f"c{i}", pa.string()) for i in range(width)])
    with (
        source.open(encoding="utf-8", errors="replace", newline="") as stream,
        pq.ParquetWriter(staged, schema) as writer,
    ):
        group: list[Sequence[str]] = []
        for row in _rows(stream, dialect, rejects):
            group.append(row)
            if len(group) * width >= _ROWS * 10:
                writer.write_table(_columns(group, schema))
                group = []
        writer.write_table(_columns(group, schema))
    return rejects


def _columns(rows: Sequence[Sequence[str]], schema: Any) -> Any:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pa.Table.from_arrays([pa.array([cell or None for cell in c], pa.string()) for c in columns], schema=schema)


def _rows(stream: TextIO, dialect: Dialect, rejects: Rejects) -> Iterator[Sequence[str]]:
    lines, writing, width = _Lines(stream), dialect.writing, len(dialect.names)
    for _ in range(dialect.above):
        lines.begin()
        next(lines, "")
    reader = as_cells(lines, writing, strict=True)
    while True:
        start = lines.begin()
        cells = _next(reader)
        if cells is _END:
            return
        fitted = _fitted(cells, width)
        if fitted is None and (cells is None or len(lines.taken) > 1):  # its first line by itself, then what follows
            lines.give_back()
            reader = as_cells(lines, writing, strict=True)
            fitted = _alone(lines.taken[0], writing, width)
        if fitted is not None:
            yield fitted
        elif lines.taken and lines.taken[0].strip():
            rejects.add(start, _reason(lines.taken[0], cells, width), lines.taken[0])


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, ``None`` where its quotes are in the wrong place or stay open, and ``_END`` at the end."""
    try:
        return next(reader, _END)
    except (csv.Error, _Unclosed):
        return None


def _fitted(cells: list[str] | None, width: int) -> list[str] | None:
    """Return the cells where they are as many as there are columns, but for blank ones at the end."""
    if cells is None or len(cells) < width:
        return None
    return cells[:width] if not any(cells[width:]) or len(cells) == width else None


def _alone(line: str, writing: Writing, width: int) -> list[str] | None:
    """Read a line by itself: with its quotes as they come, else with quotes as letters."""
    for way in (writing, Writing(delimiter=writing.delimiter, quote="", escape="")):
        try:
            cells = next(as_cells(iter([line]), way, strict=False), None)
        except csv.Error:
            continue
        if (fitted := _fitted(cells, width)) is not None and not any("\n" in cell or "\r" in cell for cell in fitted):
            return fitted
    return None


def _reason(line: str, cells: list[str] | None, width: int) -> str:
    if len(line) >= limits.MAX_LINE_BYTES:
        return _LONG
    if line.lstrip().startswith(("#", "//", "--")):
        return _COMMENT
    if cells is None:
        return _OPEN
    return _FEW if len(cells) < width else _MANY

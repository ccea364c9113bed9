"""Text tables: staged as text with the rejected rows kept, typed over the whole column, written."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from core.errors import UnreadableFile
from core.frames import limits
from core.frames.budget import grow_to
from core.frames.column_types import value_of
from core.frames.csv_notes import name_notes, text_notes, type_notes
from core.frames.dialect import Dialect, read_dialect
from core.frames.duck import copy_to, duck, literal, quoted, unique_names
from core.frames.header_again import header_again, leave_out, without_header
from core.frames.opened import Opened
from core.frames.reading import AS_GUESSED, Reading
from core.frames.regular_source import is_regular, stage_regularly
from core.frames.rejects import Rejects
from core.frames.text_source import TextSource, row_bytes
from core.frames.tolerant_source import stage_tolerantly
from core.frames.total_line import TOTAL, find_total
from core.frames.whole_columns import choose_types

_SAMPLE = 5_000


def csv_to_parquet(text: TextSource, made: Path, *, folder: Path, name: str, reading: Reading = AS_GUESSED) -> Opened:
    """Write the text table to ``made``.

    Raises
    ------
    UnreadableFile
        No row fits the header, the file is blank, or it is not written as ``reading`` says.
    RefusedFile
        A line never ends, or there are too many columns.
    """
    with text.path.open("rb") as stream:
        start = stream.read(limits.HEAD_BYTES + 1)
    head, complete = start.decode("utf-8", errors="replace"), len(start) <= limits.HEAD_BYTES
    dialect = read_dialect(head, name=name, complete=complete, reading=reading)
    grow_to(text.path.stat().st_size, columns=len(dialect.names))
    staged = made.with_name("staged.parquet")
    with duck(folder) as connection:
        regular = is_regular(head, dialect)
        rejects = stage_regularly(connection, text.path, staged, dialect=dialect) if regular else None
        if rejects is None:
            rejects = stage_tolerantly(text.path, staged, dialect=dialect)
        opened = _table(connection, text, made, dialect=dialect, rejects=rejects)
    if not opened.rows and opened.rejected_count > 1:
        raise UnreadableFile(
            f"{name}: no row has the {len(opened.columns)} cells of its first line. Check its delimiter and quotes."
        )
    return opened


def _table(
    connection: duckdb.DuckDBPyConnection, text: TextSource, made: Path, *, dialect: Dialect, rejects: Rejects
) -> Opened:
    names, staged = unique_names(dialect.names), f"{literal(str(made.with_name('staged.parquet')))}"
    again = header_again(dialect)
    repeats = _count(connection, f"{staged} WHERE {again}") if again else 0
    notes = [leave_out(text.path, dialect, repeats, rejects=rejects)] if repeats else []
    staged = f"(FROM {staged} WHERE ({again}) IS NOT TRUE)" if repeats else staged
    rows = _count(connection, staged)
    total = find_total(connection, staged, rows=rows, width=len(names))
    if total is not None:
        rejects.add(_last_line(text.path), TOTAL, total)
        rows, staged = rows - 1, f"(FROM {staged} LIMIT {rows - 1})"
    sample = pl.read_parquet(made.with_name("staged.parquet"), n_rows=min(rows + repeats, _SAMPLE))
    sample = without_header(sample, dialect) if repeats else sample
    kinds, missing = choose_types(connection, staged, sample, delimiter=dialect.writing.delimiter)
    columns = [
        f"{value_of(f'c{i}', kind, sure=i not in missing)} AS {quoted(name)}"
        for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    copy_to(connection, f"SELECT {', '.join(columns)} FROM {staged}", made, row_bytes=row_bytes(text.path))
    return Opened(
        rows=rows,
        columns=names,
        dialect=_described(dialect, text),
        rejected=tuple(rejects.rows),
        rejected_count=rejects.count,
        notes=(*notes, *text_notes(text), *name_notes(dialect, names), *type_notes(names, kinds, missing)),
    )


def _described(dialect: Dialect, text: TextSource) -> Mapping[str, Any]:
    return {
        "format": "csv",
        "delimiter": dialect.writing.delimiter,
        "quote": dialect.writing.quote,
        "encoding": text.encoding,
        "header": dialect.header,
        "skipped": dialect.lines,
    }


def _count(connection: duckdb.DuckDBPyConnection, staged: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {staged}").fetchall()[0][0])


def _last_line(source: Path) -> int:
    """Return the number of the last line that is not blank."""
    last = 0
    with source.open(encoding="utf-8", errors="replace", newline="") as stream:
        for number, line in enumerate(stream, start=1):
            last = number if line.strip() else last
    return last

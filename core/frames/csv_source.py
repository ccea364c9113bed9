"""Text tables through DuckDB: read once as text with the rejected rows kept, typed over the whole column, written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from core.errors import UnreadableFile
from core.frames import limits
from core.frames.column_types import ColumnType, candidates, choose, marker_list, value_of
from core.frames.dialect import Dialect, read_dialect
from core.frames.duck import duck, literal, quoted, unique_names
from core.frames.opened import Note, Opened, RejectedRow
from core.frames.reading import AS_GUESSED, Reading
from core.frames.text_source import TextSource

_SAMPLE = 5_000
_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote that does not close",
    "LINE SIZE OVER MAXIMUM": f"longer than {limits.MAX_LINE_BYTES // 1_000_000} MB",
    "INVALID ENCODING": "characters that cannot be decoded",
    "INVALID STATE": "quotes in the wrong place",
}


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
        head = stream.read(limits.HEAD_BYTES + 1)
    complete = len(head) <= limits.HEAD_BYTES
    dialect = read_dialect(head.decode("utf-8", errors="replace"), name=name, complete=complete, reading=reading)
    with duck(folder) as connection:
        return _table(connection, text, made, dialect=dialect, name=name)


def _table(
    connection: duckdb.DuckDBPyConnection, text: TextSource, made: Path, *, dialect: Dialect, name: str
) -> Opened:
    names, staged = unique_names(dialect.names), made.with_name("staged.parquet")
    rejected_count, quoted_by = _stage(connection, text.path, staged, dialect=dialect)
    rows = _count(connection, staged)
    if not rows and rejected_count > 1:
        raise UnreadableFile(
            f"{name}: no row has the {len(names)} cells of its first line. Check its delimiter and quotes."
        )
    kinds, missing = _types(connection, staged, len(names), delimiter=dialect.writing.delimiter)
    columns = [
        f"{value_of(f'c{i}', kind, sure=i not in missing)} AS {quoted(name)}"
        for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    _copy_typed(connection, staged, made, columns=columns)
    return Opened(
        rows=rows,
        columns=names,
        dialect=_described(dialect, text, quoted_by),
        rejected=_rejected(connection) if rejected_count else (),
        rejected_count=rejected_count,
        notes=(*_text_notes(text), *_name_notes(dialect, names), *_type_notes(names, kinds, missing)),
    )


def _described(dialect: Dialect, text: TextSource, quote: str) -> Mapping[str, Any]:
    return {
        "format": "csv",
        "delimiter": dialect.writing.delimiter,
        "quote": quote,
        "encoding": text.encoding,
        "header": dialect.header,
        "skipped": dialect.lines,
    }


def _stage(connection: duckdb.DuckDBPyConnection, source: Path, staged: Path, *, dialect: Dialect) -> tuple[int, str]:
    """Copy the file as text columns c0, c1, ...; return how many rows did not fit, and the quote that was read."""
    quote, escape = dialect.writing.quote, dialect.writing.escape
    ways = [(quote, escape, "true"), (quote, escape, "false")] if quote else []
    for quote, escape, strict in (*ways, ("", "", "true")):
        try:
            connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            options = f"quote={literal(quote)}, escape={literal(escape)}, strict_mode={strict}"
            connection.execute(_copy(source, staged, dialect, options))
        except duckdb.InvalidInputException:  # quotes or line ends that strict reading cannot follow
            continue
        count = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0]
        # One open quote can swallow everything below it; then quotes are no quotes in this file.
        if not (count and quote and _swallowed(connection)):
            return int(count), quote
    return 0, ""


def _copy(source: Path, staged: Path, dialect: Dialect, options: str) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.names)))
    return f"""
        COPY (SELECT * FROM read_csv({literal(str(source))}, auto_detect=false, header=false, skip={dialect.skip},
            delim={literal(dialect.writing.delimiter)}, {options}, columns={{{columns}}}, store_rejects=true,
            max_line_size={limits.MAX_LINE_BYTES}, rejects_limit={limits.REJECTED_COUNTED},
            rejects_line_size_limit={limits.REJECTED_TEXT}))
        TO {literal(str(staged))} (FORMAT parquet)"""


def _swallowed(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM reject_errors WHERE csv_line LIKE '%' || chr(10) || '%'"
    ).fetchall()
    return bool(found[0][0])


def _rejected(connection: duckdb.DuckDBPyConnection) -> tuple[RejectedRow, ...]:
    found = connection.execute(
        f"""SELECT line, first(error_type::VARCHAR ORDER BY column_idx), first(csv_line ORDER BY column_idx)
        FROM reject_errors GROUP BY line ORDER BY line LIMIT {limits.REJECTED_SHOWN}"""
    ).fetchall()
    return tuple(
        RejectedRow(
            line=int(line),
            reason=_REASONS.get(str(kind), str(kind).lower()),
            text=(text or "").strip()[: limits.REJECTED_TEXT],
        )
        for line, kind, text in found
    )


def _count(connection: duckdb.DuckDBPyConnection, staged: Path) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {literal(str(staged))}").fetchall()[0][0])


def _types(
    connection: duckdb.DuckDBPyConnection, staged: Path, width: int, *, delimiter: str
) -> tuple[Sequence[ColumnType | None], Mapping[int, int]]:
    """Choose each column's reading over all rows; return it, and how many markers of missing values it holds."""
    sample = pl.read_parquet(staged, n_rows=_SAMPLE)
    waiting = {i: kinds for i in range(width) if (kinds := candidates(sample[f"c{i}"], delimiter=delimiter))}
    bare = {str(i): f"count(c{i})" for i in waiting if not sample[f"c{i}"].count()}
    filled = _counted(connection, staged, bare)  # a column without a value has no reading to try
    waiting = {i: kinds for i, kinds in waiting.items() if filled.get(str(i), 1)}
    wanted = {f"{i} values": f"count(c{i})" for i in waiting}
    markers: dict[int, int] = {}
    chosen: list[ColumnType | None] = [None] * width
    found: dict[str, int] = {}
    while waiting:
        # The first reading nearly always holds; only day and month are weighed against each other.
        tried = {i: kinds if kinds[0].words else kinds[:1] for i, kinds in waiting.items()}
        wanted |= {
            f"{i} {kind.name}": f"count({value_of(f'c{i}', kind)})" for i, kinds in tried.items() for kind in kinds
        }
        found |= _counted(connection, staged, wanted)
        fitting = {i: choose(kinds, _fits(i, kinds, found, markers)) for i, kinds in tried.items()}
        unsure = [i for i, kind in fitting.items() if kind is None and i not in markers]
        if unsure:  # is it only that some cells say NA?
            asked = {str(i): f"count_if(lower(trim(c{i})) IN {marker_list()})" for i in unsure}
            markers |= {int(i): count for i, count in _counted(connection, staged, asked).items()}
            fitting |= {i: choose(tried[i], _fits(i, tried[i], found, markers)) for i in unsure}
        for i, kind in fitting.items():
            chosen[i] = kind
        waiting = {i: rest for i, kinds in waiting.items() if not chosen[i] and (rest := kinds[len(tried[i]) :])}
        wanted = {}
    return chosen, {i: count for i, count in markers.items() if chosen[i] and count}


def _fits(
    column: int, kinds: Sequence[ColumnType], found: Mapping[str, int], markers: Mapping[int, int]
) -> Mapping[str, bool]:
    values = found[f"{column} values"] - markers.get(column, 0)
    return {kind.name: 0 < values == found[f"{column} {kind.name}"] for kind in kinds}


def _counted(connection: duckdb.DuckDBPyConnection, staged: Path, wanted: Mapping[str, str]) -> Mapping[str, int]:
    """Ask for many figures of the staged table; a thousand expressions at once would be planned slowly."""
    found: dict[str, int] = {}
    names, expressions = list(wanted), list(wanted.values())
    for start in range(0, len(wanted), 200):
        part = slice(start, start + 200)
        row = connection.execute(f"SELECT {', '.join(expressions[part])} FROM {literal(str(staged))}").fetchall()[0]
        found |= dict(zip(names[part], (value or 0 for value in row), strict=True))
    return found


def _copy_typed(connection: duckdb.DuckDBPyConnection, staged: Path, made: Path, *, columns: Sequence[str]) -> None:
    wanted = ", ".join(columns)
    connection.execute(f"COPY (SELECT {wanted} FROM {literal(str(staged))}) TO {literal(str(made))} (FORMAT parquet)")


def _text_notes(text: TextSource) -> list[Note]:
    if text.broken:
        return [
            Note(about="encoding", count=text.broken, text=f"{text.encoding}, with characters that could not be read")
        ]
    plain = text.encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
    return [] if plain else [Note(about="encoding", text=text.encoding)]


def _name_notes(dialect: Dialect, names: Sequence[str]) -> list[Note]:
    notes: list[Note] = []
    if not dialect.header:
        notes.append(Note(about="column_names", text="no header"))
    if dialect.preamble:
        notes.append(Note(about="parse", count=len(dialect.preamble), text=" / ".join(dialect.preamble)[:200]))
    for given, name in zip(dialect.names, names, strict=True):
        if given != name:
            notes.append(Note(about="column_names", column=name, text=given))
    return notes


def _type_notes(names: Sequence[str], kinds: Sequence[ColumnType | None], missing: Mapping[int, int]) -> list[Note]:
    notes = [Note(about="disguised_nulls", column=names[i], count=count) for i, count in missing.items()]
    for name, kind in zip(names, kinds, strict=True):
        if kind is not None and kind.words:
            notes.append(Note(about="reading", column=name, text=kind.words))
    return notes

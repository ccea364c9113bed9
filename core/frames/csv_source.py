"""Text tables through DuckDB: read once as text with the rejected rows kept, typed over the whole column, written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from core.errors import UnreadableFile
from core.frames import limits
from core.frames.column_types import ColumnType, candidates, choose, marker_list, value_of
from core.frames.dialect import Dialect, read_dialect
from core.frames.duck import duck, literal, quoted, unique_names
from core.frames.opened import Note, Opened, RejectedRow
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


def csv_to_parquet(text: TextSource, made: Path, *, folder: Path, name: str) -> Opened:
    """Write the text table to ``made``.

    Raises
    ------
    UnreadableFile
        No row fits the header, or the file is blank.
    RefusedFile
        A line never ends, or there are too many columns.
    """
    with text.path.open("rb") as stream:
        head = stream.read(limits.HEAD_BYTES + 1)
    complete = len(head) <= limits.HEAD_BYTES
    dialect = read_dialect(head.decode("utf-8", errors="replace"), name=name, complete=complete)
    names = unique_names(dialect.names)
    with duck(folder) as connection:
        staged = folder / "staged.parquet"
        rejected_count = _stage(connection, text.path, staged, dialect=dialect)
        rejected = _rejected(connection) if rejected_count else ()
        rows = _count(connection, staged)
        if not rows and rejected_count > 1:
            raise UnreadableFile(
                f"{name}: no row has the {len(names)} cells of its first line. Check its delimiter and quotes."
            )
        kinds, missing = _types(connection, staged, len(names), delimiter=dialect.delimiter)
        _write(connection, staged, made, names=names, kinds=kinds)
    return Opened(
        rows=rows,
        columns=names,
        dialect={
            "format": "csv",
            "delimiter": dialect.delimiter,
            "encoding": text.encoding,
            "header": dialect.header,
            "skipped": len(dialect.preamble),
        },
        rejected=rejected,
        rejected_count=rejected_count,
        notes=(*_text_notes(text), *_name_notes(dialect, names), *_type_notes(names, kinds, missing)),
    )


def _stage(connection: duckdb.DuckDBPyConnection, source: Path, staged: Path, *, dialect: Dialect) -> int:
    """Copy the file as text columns c0, c1, ...; return how many rows did not fit."""
    for strictness in ("strict_mode=true", "strict_mode=false", "quote='', escape=''"):
        try:
            connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
            connection.execute(_copy(source, staged, dialect, strictness))
        except duckdb.InvalidInputException:  # quotes or line ends that strict reading cannot follow
            continue
        count = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0]
        # One open quote can swallow everything below it; then quotes are no quotes in this file.
        if count and _swallowed(connection) and strictness != "quote='', escape=''":
            continue
        return int(count)
    return 0


def _copy(source: Path, staged: Path, dialect: Dialect, strictness: str) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.names)))
    quotes = "" if "quote" in strictness else "quote='\"', escape='\"',"
    return f"""
        COPY (SELECT * FROM read_csv({literal(str(source))}, auto_detect=false, header=false, skip={dialect.skip},
            delim={literal(dialect.delimiter)}, {quotes} {strictness}, columns={{{columns}}}, store_rejects=true,
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
    options = {i: candidates(sample[f"c{i}"], delimiter=delimiter) for i in range(width)}
    wanted = [
        f"""count_if({value_of(f"c{i}", kind)} IS NOT NULL) AS "{i} {kind.name}" """
        for i, kinds in options.items()
        for kind in kinds
    ]
    typed = [i for i, kinds in options.items() if kinds]
    if not typed:
        return [None] * width, {}
    wanted += [f'count(c{i}) AS "{i} values"' for i in typed]
    wanted += [f'count_if(lower(trim(c{i})) IN {marker_list()}) AS "{i} markers"' for i in typed]
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 200):  # a thousand expressions at once would be planned slowly
        result = connection.execute(f"SELECT {', '.join(wanted[start : start + 200])} FROM {literal(str(staged))}")
        counted = [value or 0 for value in result.fetchall()[0]]  # no row at all counts as NULL
        found |= dict(zip([d[0].strip() for d in result.description], counted, strict=True))
    chosen: list[ColumnType | None] = []
    for i, kinds in options.items():
        values = found.get(f"{i} values", 0) - found.get(f"{i} markers", 0)
        fits = {kind.name: values > 0 and found[f"{i} {kind.name}"] == values for kind in kinds}
        chosen.append(choose(kinds, fits))
    return chosen, {i: found[f"{i} markers"] for i in typed if chosen[i] is not None and found[f"{i} markers"]}


def _write(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    made: Path,
    *,
    names: Sequence[str],
    kinds: Sequence[ColumnType | None],
) -> None:
    columns = ", ".join(
        f"{value_of(f'c{i}', kind)} AS {quoted(name)}" for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    connection.execute(f"COPY (SELECT {columns} FROM {literal(str(staged))}) TO {literal(str(made))} (FORMAT parquet)")


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

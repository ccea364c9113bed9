"""Parquet, judged by its footer before a row is read, and written again with plain types."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.budget import grow_to
from core.frames.duck import copy_to, duck, literal, quoted, unique_names
from core.frames.opened import Note, Opened

_PLAIN = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "VARCHAR")
_CELL_BYTES = 8
_NARROW = {
    "UTINYINT": "INTEGER",
    "USMALLINT": "INTEGER",
    "UINTEGER": "BIGINT",
    "UBIGINT": "DOUBLE",
    "HUGEINT": "DOUBLE",
}


def parquet_to_parquet(source: Path, made: Path, *, folder: Path, name: str) -> Opened:
    """Write the table to ``made``; every page is decoded on the way, so a damaged one is found here.

    Raises
    ------
    UnreadableFile
        The file is truncated or damaged.
    RefusedFile
        Its footer announces more than the budget, or contradicts itself.
    """
    grow_to(source.stat().st_size, columns=_judged_width(source, name=name))
    try:
        with duck(folder) as connection:
            _judge_texts(connection, source, name=name)
            rows, columns, notes = copy_plain(connection, f"read_parquet({literal(str(source))})", made)
    except duckdb.OutOfMemoryException:  # is no damage
        raise
    except duckdb.Error as problem:
        raise _damaged(name) from problem
    return Opened(rows=rows, columns=columns, dialect={"format": "parquet"}, notes=notes)


def copy_plain(
    connection: duckdb.DuckDBPyConnection, relation: str, made: Path
) -> tuple[int, tuple[str, ...], tuple[Note, ...]]:
    """Copy a relation to Parquet with plain types: decimals as numbers, nested values and bytes as text."""
    described = connection.execute(f"SELECT * FROM {relation} LIMIT 0").description
    given = [str(column[0]) for column in described]
    types = [str(column[1]) for column in described]
    names = unique_names(given)
    wanted = ", ".join(
        f"{_plain(quoted(old), kind)} AS {quoted(new)}" for old, new, kind in zip(given, names, types, strict=True)
    )
    copy_to(connection, f"SELECT {wanted} FROM {relation}", made, row_bytes=_CELL_BYTES * max(1, len(names)))
    rows = connection.execute(f"SELECT count(*) FROM {literal(str(made))}").fetchall()[0][0]
    notes = [
        Note(about="column_names", column=new, text=old) for old, new in zip(given, names, strict=True) if old != new
    ]
    notes += [
        Note(about="reading", column=new, text="as text, because its values are nested or binary")
        for new, kind in zip(names, types, strict=True)
        if kind == "BLOB" or _is_nested(kind)
    ]
    return int(rows), names, tuple(notes)


def _plain(column: str, kind: str) -> str:
    if kind == "TIMESTAMPTZ_NS":  # DuckDB has no calendar for it
        return _plain(f"CAST({column} AS TIMESTAMPTZ)", "TIMESTAMP WITH TIME ZONE")
    if kind.startswith(("DATE", "TIMESTAMP")) and not kind.endswith("]"):  # no calendar here goes beyond year 9999
        return f"CASE WHEN isfinite({column}) AND year({column}) BETWEEN 1 AND 9999 THEN {column} END"
    if kind.startswith(_PLAIN) and not kind.endswith("]"):
        return column
    if kind in _NARROW or kind.startswith("DECIMAL"):
        return f"CAST({column} AS {_NARROW.get(kind, 'DOUBLE')})"
    if kind == "BLOB":
        return f"left(hex({column}), 200)"
    if kind == "JSON":  # values of several kinds: a text without its quotation marks, the others as they are written
        return f"{column} ->> '$'"
    if _is_nested(kind):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _is_nested(kind: str) -> bool:
    return kind.endswith(("]", ")")) and not kind.startswith(("DECIMAL", "ENUM"))


def _judged_width(source: Path, *, name: str) -> int:
    """Return how many columns the footer tells of, once it is one of an honest file."""
    with source.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - 8, 0))
        tail = stream.read()
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != b"PAR1" or length + 12 > size:
        raise _damaged(name)
    if length > limits.MAX_FOOTER_BYTES:
        raise RefusedFile(
            f"{name} has a footer of {length >> 20:,} MB, far beyond a table's. Write it with fewer columns."
        )
    try:
        footer = pq.read_metadata(source)  # pyright: ignore[reportUnknownMemberType]
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise _damaged(name) from problem
    if not footer.num_columns:
        raise UnreadableFile(f"{name} has no columns: there is no table in it. Write it again with its columns.")
    if footer.num_columns > limits.MAX_COLUMNS:
        raise RefusedFile(
            f"{name} has {footer.num_columns:,} columns, more than {limits.MAX_COLUMNS:,}. Drop a narrower file."
        )
    unpacked = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    grows = unpacked > limits.RATIO_FROM and unpacked > limits.MAX_PARQUET_RATIO * size
    if footer.num_rows * max(footer.num_columns, 1) > limits.MAX_CELLS or unpacked > limits.MAX_DECODED_BYTES or grows:
        raise RefusedFile(
            f"{name} announces {footer.num_rows:,} rows in {size / 2**20:,.1f} MB, more than is read "
            "here. Drop a part of it."
        )
    return int(footer.num_columns)


def _judge_texts(connection: duckdb.DuckDBPyConnection, source: Path, *, name: str) -> None:
    """Refuse texts that a dictionary has packed beyond measure, judged by the first thousand rows."""
    relation = f"read_parquet({literal(str(source))})"
    described = connection.execute(f"SELECT * FROM {relation} LIMIT 0").description
    lengths = {"VARCHAR": "strlen", "BLOB": "octet_length"}
    texts = [f"{lengths[str(kind)]}({quoted(str(text))})" for text, kind, *_ in described if str(kind) in lengths]
    if not texts:
        return
    size = f"list_sum([{', '.join(texts)}])"  # a sum of a thousand terms would be too deep for the database
    mean = connection.execute(f"SELECT avg({size}) FROM (FROM {relation} LIMIT 1000)").fetchall()[0][0] or 0
    rows = connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]
    if mean * rows > limits.MAX_TEXT_BYTES and mean * rows > limits.MAX_RATIO * source.stat().st_size:
        raise RefusedFile(
            f"{name} unpacks to more than {limits.MAX_TEXT_BYTES >> 30} GB of text from "
            f"{source.stat().st_size / 2**20:,.1f} MB: such a file fills the memory and is refused. Drop a part of it."
        )


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is a damaged or cut Parquet file. Write it again, or copy it again.")

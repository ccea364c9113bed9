"""Text tables that are written as most programs write them: read by the database, at once."""

from pathlib import Path

import duckdb

from core.frames import limits
from core.frames.dialect import Dialect
from core.frames.duck import copy_to, literal
from core.frames.opened import RejectedRow
from core.frames.rejects import Rejects
from core.frames.text_source import row_bytes

_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote that does not close",
    "LINE SIZE OVER MAXIMUM": f"longer than {limits.MAX_LINE_BYTES // 1_000_000} MB",
    "INVALID ENCODING": "characters that cannot be decoded",
    "INVALID STATE": "quotes in the wrong place",
}


def is_regular(head: str, dialect: Dialect) -> bool:
    """Tell whether the database reads what is written so: one kind of line end, double quotes, nothing above."""
    one_end = "\r" not in head or head.count("\r\n") == head.count("\r") == head.count("\n")
    writing = dialect.writing
    return one_end and writing.escape == writing.quote != "'" and not (dialect.preamble or writing.spaced)


def stage_regularly(
    connection: duckdb.DuckDBPyConnection, source: Path, staged: Path, *, dialect: Dialect
) -> Rejects | None:
    """Copy the file as text columns c0, c1, ...; return the rows that do not fit.

    ``None``: rows do not fit, and the file is small enough, or its quotes are odd enough, to be read row by row.
    """
    try:
        copy_to(connection, _rows(source, dialect), staged, row_bytes=row_bytes(source))
    except duckdb.InvalidInputException:  # quotes or line ends that strict reading cannot follow
        return None
    count = int(connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0])
    if count and (source.stat().st_size <= limits.TOLERANT_BYTES or _swallowed(connection)):
        return None
    return Rejects(rows=_rejected(connection) if count else [], count=count)


def _rows(source: Path, dialect: Dialect) -> str:
    quote, escape = literal(dialect.writing.quote), literal(dialect.writing.escape)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.names)))
    return f"""
        SELECT * FROM read_csv({literal(str(source))}, auto_detect=false, header=false, skip={dialect.skip},
            delim={literal(dialect.writing.delimiter)}, quote={quote}, escape={escape},
            strict_mode=true, columns={{{columns}}}, store_rejects=true,
            max_line_size={limits.MAX_LINE_BYTES}, rejects_limit={limits.REJECTED_COUNTED},
            rejects_line_size_limit={limits.REJECTED_TEXT})"""


def _swallowed(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM reject_errors WHERE csv_line LIKE '%' || chr(10) || '%'"
    ).fetchall()
    return bool(found[0][0])


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[RejectedRow]:
    found = connection.execute(
        f"""SELECT line, first(error_type::VARCHAR ORDER BY column_idx), first(csv_line ORDER BY column_idx)
        FROM reject_errors GROUP BY line ORDER BY line LIMIT {limits.REJECTED_SHOWN}"""
    ).fetchall()
    return [
        RejectedRow(
            line=int(line),
            reason=_REASONS.get(str(kind), str(kind).lower()),
            text=(text or "").strip()[: limits.REJECTED_TEXT],
        )
        for line, kind, text in found
    ]

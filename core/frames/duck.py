"""One DuckDB for one file: bounded memory, two threads, no network, closed at the end."""

import errno
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from core.frames import limits
from core.frames.budget import database_memory

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Where these come from the disk of the copy, nothing is wrong with the file."""
_VECTOR = 2_048  # rows that DuckDB works on at once


@contextmanager
def duck(folder: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that spills to ``folder``; times are UTC and no extension is fetched.

    Raises
    ------
    OSError
        The disk is full.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": f"{database_memory()}B",
            "threads": limits.THREADS,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        yield connection
    except duckdb.IOException as problem:
        full = next((code for code in _FULL if os.strerror(code) in str(problem)), None)
        if full is None:
            raise
        raise OSError(full, os.strerror(full)) from problem
    finally:
        connection.close()


def copy_to(connection: duckdb.DuckDBPyConnection, query: str, target: Path, *, row_bytes: int) -> None:
    """Write the rows of ``query`` as Parquet; the heavier they are, the fewer are held in memory at once."""
    heavy = row_bytes > limits.HEAVY_ROW_BYTES
    vectors = max(1, min(60, limits.ROW_GROUP_BYTES // (row_bytes * _VECTOR)))
    connection.execute(f"SET threads = {1 if heavy else limits.THREADS}")
    connection.execute(f"COPY ({query}) TO {literal(str(target))} (FORMAT parquet, ROW_GROUP_SIZE {vectors * _VECTOR})")


def quoted(name: str) -> str:
    """Return a column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names trimmed, blanks numbered, repeats marked ``_2``, ``_3``; case alone makes no difference."""
    taken: set[str] = set()
    given: list[str] = []
    for position, name in enumerate(names, start=1):
        clean = "".join(c if c.isprintable() else " " for c in name).strip()[:200] or f"column_{position}"
        candidate, copy = clean, 2
        while candidate.lower() in taken:
            candidate, copy = f"{clean}_{copy}", copy + 1
        taken.add(candidate.lower())
        given.append(candidate)
    return tuple(given)

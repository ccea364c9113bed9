"""SQLite files that a scorer writes and the worker, another process, empties: opened alike by both."""

import contextlib
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

from core.errors import Unavailable

LOCK_SECONDS = 5.0
"""How long a commit waits for the other process before the request is refused."""


def _driver() -> ModuleType:
    # SQLite before 3.51.3 can corrupt a WAL file under two connections; Python 3.11 brings 3.40.
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2


sqlite: Any = _driver()
"""The driver, and with it its errors."""


def connect(path: Path, tables: str, *, lock_seconds: float = LOCK_SECONDS, max_pages: int | None = None) -> Any:
    """Return a connection whose commits are on disk when they return; ``tables`` are made where they are missing."""
    connection = sqlite.connect(str(path), timeout=lock_seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if max_pages is not None:
        connection.execute(f"PRAGMA max_page_count = {max_pages}")
    connection.executescript(tables)
    return connection


@contextlib.contextmanager
def transaction(connection: Any) -> Generator[None]:
    """Commit what is done within, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has already rolled back after some errors (a full disk); then there is nothing to undo.
        with contextlib.suppress(sqlite.Error):
            connection.execute("ROLLBACK")
        raise


def unopened(path: Path, error: Exception) -> Unavailable:
    """Return the error that tells why a log cannot be opened."""
    return Unavailable(
        f"The prediction log {path.name} cannot be opened ({error}). Check the disk and the folder's rights."
    )

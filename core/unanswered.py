"""Requests that were refused or failed, counted on disk: a row a minute, version and status, however many come.

The scorer adds, before it refuses; the worker, another process, takes what it ships. A row that was taken grows no
more: later requests of the same minute begin another one, so that each is counted once. Nothing of a request is kept.
"""

import contextlib
import threading
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from core.durable import sync_folder
from core.errors import Unavailable
from core.log_file import connect, sqlite, transaction, unopened

SUFFIX = ".unanswered"
"""How the name of such a file ends."""

_TABLES = """
CREATE TABLE IF NOT EXISTS counts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    minute INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    slowest_ms REAL NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS counting ON counts (minute, project_id, version_id, revision, status) WHERE NOT taken;
"""
_ADD = """
INSERT INTO counts (minute, project_id, version_id, revision, status, requests, slowest_ms)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (minute, project_id, version_id, revision, status) WHERE NOT taken DO UPDATE
SET requests = requests + excluded.requests, slowest_ms = max(slowest_ms, excluded.slowest_ms)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """What kind of request had no answer: ``status`` is the HTTP code, 4xx where it was refused, 5xx where we failed.

    ``version_id`` is the champion of the deployment ``revision`` that it was sent to.
    """

    project_id: str
    version_id: str
    revision: int
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of one kind came in a minute, and the longest that one of them took. ``sequence`` only grows."""

    sequence: int
    minute: datetime
    what: Unanswered
    requests: int
    slowest_ms: float


class UnansweredFile:
    """The counts of one scorer. Threads take turns, and so do the processes that open the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = connect(path, _TABLES)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file at ``path``, or make it.

        Raises
        ------
        Unavailable
            If the file cannot be made or opened.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = cls(path)
            sync_folder(path.parent)
        except (OSError, sqlite.Error) as error:
            raise unopened(path, error) from error
        return opened

    def add(self, found: Mapping[Unanswered, tuple[int, float]]) -> None:
        """Count requests (how many of a kind, the slowest in ms), on disk when this returns.

        Raises
        ------
        Unavailable
            If the file cannot be written now.
        """
        with self._using(), transaction(self._connection):
            minute = int(time.time() // 60)
            self._connection.executemany(
                _ADD,
                [(minute, w.project_id, w.version_id, w.revision, w.status, *figures) for w, figures in found.items()],
            )

    def take(self, *, before: datetime) -> list[Count]:
        """Return the counts of the minutes that were over at ``before`` and let them grow no more; oldest first.

        Raises
        ------
        Unavailable
            If the file cannot be used now.
        """
        minute = int(before.timestamp() // 60)
        with self._using():
            (last,) = self._connection.execute(
                "SELECT max(sequence) FROM counts WHERE minute < ?", (minute,)
            ).fetchone()
            if last is None:
                return []
            # all up to there, whatever their minute: a clock that is set back must not let one be overtaken
            self._connection.execute("UPDATE counts SET taken = 1 WHERE sequence <= ? AND NOT taken", (last,))
            rows = self._connection.execute(
                "SELECT sequence, minute, project_id, version_id, revision, status, requests, slowest_ms FROM counts"
                " WHERE sequence <= ? ORDER BY sequence",
                (last,),
            ).fetchall()
        return [
            Count(
                sequence=sequence,
                minute=datetime.fromtimestamp(minute * 60, UTC),
                what=Unanswered(project_id=project_id, version_id=version_id, revision=revision, status=status),
                requests=requests,
                slowest_ms=slowest_ms,
            )
            for sequence, minute, project_id, version_id, revision, status, requests, slowest_ms in rows
        ]

    def drop_through(self, sequence: int) -> None:
        """Drop what was taken and shipped, up to and with ``sequence``.

        Raises
        ------
        Unavailable
            If the file cannot be written now.
        """
        with self._using():
            self._connection.execute("DELETE FROM counts WHERE sequence <= ? AND taken", (sequence,))

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _using(self) -> Generator[None]:
        try:
            with self._lock:
                yield
        except sqlite.Error as error:
            raise Unavailable(
                f"Requests without an answer cannot be counted in {self._path.name} now ({error})."
            ) from error


def unanswered_files(folder: Path) -> list[Path]:
    """Return the files in a folder, one a scorer."""
    return sorted(folder.glob(f"*{SUFFIX}"))

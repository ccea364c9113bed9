"""The fsynced, idempotent log that predictions are acknowledged from.

An answer is given only after the commit that holds it. All requests that wait share one commit (group commit), so one
fsync serves many. The scorer appends; the worker, another process, reads and deletes what it has shipped. The key and
the answer of a shipped request stay for a while, so that a retry is still recognised.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.durable import sync_folder
from core.errors import Conflict, Unavailable
from core.log_file import LOCK_SECONDS, connect, sqlite, transaction, unopened

MAX_WAITING = 10_000
"""Requests that may wait for one commit; more are told to come back."""

MAX_BYTES = 8 * 2**30
"""Size at which a log that nobody ships refuses to grow."""

KEEP_KEYS_SECONDS = 7 * 24 * 3600
"""How long the key and the answer of a shipped request are kept."""

KEEP_KEYS_ROWS = 1_000_000
"""How many sequence numbers back the keys of shipped requests are kept."""

READ_BYTES = 64 * 2**20
"""Memory that one reading may fill with bodies."""

_PAGE_BYTES = 4096

_TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint TEXT NOT NULL,
    request_id TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    written_at REAL NOT NULL,
    answer BLOB NOT NULL,
    body BLOB,
    UNIQUE (endpoint, request_id)
);
CREATE INDEX IF NOT EXISTS waiting ON entries (sequence) WHERE body IS NOT NULL;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolEntry:
    """What a request leaves: ``body`` is the record to ship, ``answer`` what the client is given, again on a retry."""

    endpoint: str
    request_id: str
    payload_hash: str
    body: bytes
    answer: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolRecord:
    """A record that waits to be shipped. ``sequence`` only grows and is never used twice."""

    sequence: int
    endpoint: str
    request_id: str
    payload_hash: str
    body: bytes


_Waiting = tuple[SpoolEntry, "asyncio.Future[bytes]"]


class Spool:
    """One log file. Any number of threads of one event loop's process append; one worker reads and deletes."""

    def __init__(self, path: Path, *, max_bytes: int, lock_seconds: float) -> None:
        self._path = path
        self._max_pages = max(max_bytes // _PAGE_BYTES, 16)
        self._lock_seconds = lock_seconds
        self._reader_lock = threading.Lock()
        self._reader = self._connect()
        self._news = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._flusher: threading.Thread | None = None
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, max_bytes: int = MAX_BYTES, lock_seconds: float = LOCK_SECONDS) -> Self:
        """Open the log at ``path``, or make it.

        Raises
        ------
        Unavailable
            If the file cannot be made or opened.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            spool = cls(path, max_bytes=max_bytes, lock_seconds=lock_seconds)
            sync_folder(path.parent)
        except (OSError, sqlite.Error) as error:
            raise unopened(path, error) from error
        return spool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, entry: SpoolEntry) -> "asyncio.Future[bytes]":
        """Return an awaitable that gives the answer to send, once it is on disk.

        The same request again gives the stored answer, which may differ from ``entry.answer``. Awaiting raises
        ``Conflict`` where the id was used for another payload and ``Unavailable`` where the disk does not take it.

        Raises
        ------
        Unavailable
            If too many requests wait, or the log is closed.
        """
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        with self._news:
            if self._closed:
                raise Unavailable("The scorer is stopping. Send the request again in a few seconds.")
            if len(self._waiting) >= MAX_WAITING:
                raise Unavailable(f"{MAX_WAITING} requests already wait for the disk. Send this one again in a second.")
            self._waiting.append((entry, future))
            if self._flusher is None:
                self._flusher = threading.Thread(target=self._flush, name="spool", daemon=True)
                self._flusher.start()
            self._news.notify()
        return future

    def read(self, after: int, limit: int) -> list[SpoolRecord]:
        """Return at most ``limit`` unshipped records whose sequence is above ``after``, in order.

        Fewer are returned where their bodies would take more memory than ``READ_BYTES``; at least one, if there is one.

        Raises
        ------
        Unavailable
            If the file cannot be read now.
        """
        query = (
            "SELECT sequence, endpoint, request_id, payload_hash, body FROM entries"
            " WHERE body IS NOT NULL AND sequence > ? ORDER BY sequence LIMIT ?"
        )
        records: list[SpoolRecord] = []
        size = 0
        with self._reader_lock, self._explained():
            for sequence, endpoint, request_id, payload_hash, body in self._reader.execute(query, (after, limit)):
                size += len(body)
                if records and size > READ_BYTES:
                    break
                records.append(
                    SpoolRecord(
                        sequence=sequence,
                        endpoint=endpoint,
                        request_id=request_id,
                        payload_hash=payload_hash,
                        body=bytes(body),
                    )
                )
        return records

    def delete_through(self, sequence: int, *, now: float | None = None) -> None:
        """Drop the bodies up to and with ``sequence``; keys and answers stay until they are old.

        Raises
        ------
        Unavailable
            If the file cannot be written now.
        """
        oldest = (time.time() if now is None else now) - KEEP_KEYS_SECONDS
        with self._reader_lock, self._explained(), transaction(self._reader):
            self._reader.execute("UPDATE entries SET body = NULL WHERE body IS NOT NULL AND sequence <= ?", (sequence,))
            self._reader.execute(
                "DELETE FROM entries WHERE body IS NULL AND sequence <= ? AND (written_at < ? OR sequence <= ?)",
                (sequence, oldest, sequence - KEEP_KEYS_ROWS),
            )

    def depth(self) -> int:
        """Return how many records wait to be shipped.

        Raises
        ------
        Unavailable
            If the file cannot be read now.
        """
        with self._reader_lock, self._explained():
            (count,) = self._reader.execute("SELECT count(*) FROM entries WHERE body IS NOT NULL").fetchone()
        return int(count)

    def close(self) -> None:
        """Commit what waits, refuse what comes, release the file."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._flusher is not None:
            self._flusher.join()
        with self._reader_lock:
            self._reader.close()

    def _connect(self) -> Any:
        return connect(self._path, _TABLES, lock_seconds=self._lock_seconds, max_pages=self._max_pages)

    @contextlib.contextmanager
    def _explained(self) -> Any:
        try:
            yield
        except sqlite.Error as error:
            raise _refusal(self._path, error) from error

    def _flush(self) -> None:
        connection = None
        while batch := self._next_batch():
            try:
                connection = connection or self._connect()
                outcomes = _commit(connection, [entry for entry, _ in batch])
            except (sqlite.Error, ValueError) as error:
                # ValueError: a text that is not UTF-8; the flusher must outlive whatever it is handed.
                outcomes = [_refusal(self._path, error)] * len(batch)
                connection = _closed(connection)
            _deliver(batch, outcomes)
        _closed(connection)

    def _next_batch(self) -> list[_Waiting]:
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._closed)
            batch, self._waiting = self._waiting, []
        return batch


def spool_files(folder: Path) -> list[Path]:
    """Return the logs in a folder, one a scorer."""
    return sorted(folder.glob("*.db"))


def _closed(connection: Any) -> None:
    # After an error the next batch starts on a fresh connection, whatever state this one is in.
    if connection is not None:
        with contextlib.suppress(sqlite.Error):
            connection.close()


def _commit(connection: Any, entries: list[SpoolEntry]) -> list[bytes | Exception]:
    written_at = time.time()
    with transaction(connection):
        cursor = connection.executemany(
            "INSERT INTO entries (endpoint, request_id, payload_hash, written_at, answer, body)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(e.endpoint, e.request_id, e.payload_hash, written_at, e.answer, e.body) for e in entries],
        )
        if cursor.rowcount == len(entries):
            return [entry.answer for entry in entries]
        return [_recognise(connection, entry) for entry in entries]


def _recognise(connection: Any, entry: SpoolEntry) -> bytes | Exception:
    stored_hash, answer = connection.execute(
        "SELECT payload_hash, answer FROM entries WHERE endpoint = ? AND request_id = ?",
        (entry.endpoint, entry.request_id),
    ).fetchone()
    if stored_hash == entry.payload_hash:
        return bytes(answer)
    return Conflict(
        f"The request id {entry.request_id!r} was already used for another payload at {entry.endpoint!r}."
        " Send this one under a new id."
    )


def _deliver(batch: Iterable[_Waiting], outcomes: Iterable[bytes | Exception]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[bytes], bytes | Exception]]] = {}
    for (_, future), outcome in zip(batch, outcomes, strict=True):
        by_loop.setdefault(future.get_loop(), []).append((future, outcome))
    for loop, settled in by_loop.items():
        # A loop that has ended has nobody left to tell; what was committed is found on the retry.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: Iterable[tuple["asyncio.Future[bytes]", bytes | Exception]]) -> None:
    for future, outcome in settled:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def _refusal(path: Path, error: Exception) -> Unavailable:
    return Unavailable(
        f"The prediction log {path.name} cannot be written now ({error}), so no answer is given."
        " Free disk space or wait for the worker to ship it, then send the request again."
    )

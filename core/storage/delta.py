"""A Delta table that only grows, every batch exactly once."""

import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from core.durable import sync_folder
from core.errors import InvalidInput, Unavailable

_ATTEMPTS = 20
_KEEP_HOURS = 24
_PARTITION = "day"


class DeltaLog:
    """One Delta table in a folder, partitioned by ``day``. It appears with its first row."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, make: Callable[[int, int], pl.DataFrame], *, source: str, sequence: int) -> int:
        """Write a batch unless this or a later one of ``source`` is there already; return how many rows were written.

        ``make`` is given the number of the commit that is about to be made and the last sequence of ``source`` that
        is there (0 for none). The sequences of a source only rise.

        Raises
        ------
        InvalidInput
            A column has another type than the rows before.
        Unavailable
            The folder cannot be written to.
        """
        for attempt in range(_ATTEMPTS):
            table = self._open()
            written = table.transaction_version(source) if table else None
            if written is not None and written >= sequence:
                return 0
            frame = make(table.version() + 1 if table else 1, written or 0)
            if frame.is_empty():
                return 0
            # What was read above decides: a commit in between by the same source is refused, never doubled.
            if table and self._commit(table, frame, Transaction(app_id=source, version=sequence)):
                return frame.height
            if table is None:
                self._create(frame)
            time.sleep(0.01 * attempt)
        raise Unavailable("The prediction table is busy: others write to it all the time. Try again in a moment.")

    def commits(self) -> int:
        """Return the number of the newest commit, 0 where there is none."""
        table = self._open()
        return table.version() if table else 0

    def scan(self) -> pl.LazyFrame | None:
        """Return the committed rows as they are now, or ``None`` where there are none yet."""
        table = self._open()
        return pl.scan_delta(table) if table else None

    def days(self) -> list[str]:
        """Return the days that have rows, in order."""
        table = self._open()
        return sorted(str(part[_PARTITION]) for part in table.partitions()) if table else []

    def compact(self) -> None:
        """Join small files, so that reading stays fast; a reader that is under way is not disturbed."""
        table = self._open()
        if table is None:
            return
        table.optimize.compact()
        table.vacuum(retention_hours=_KEEP_HOURS, dry_run=False, enforce_retention_duration=False, full=True)
        table.create_checkpoint()
        table.cleanup_metadata()

    def _open(self) -> DeltaTable | None:
        if not (self._folder / "_delta_log").is_dir():
            return None
        try:
            return DeltaTable(self._folder)
        except TableNotFoundError:  # killed before its first commit
            return None

    def _create(self, frame: pl.DataFrame) -> None:
        with suppress(CommitFailedError), _writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            DeltaTable.create(self._folder, frame.schema, mode="ignore", partition_by=[_PARTITION])

    def _commit(self, table: DeltaTable, frame: pl.DataFrame, transaction: Transaction) -> bool:
        before = table.version()
        _check_types(table, frame)
        try:
            with _writing():
                write_deltalake(
                    table,
                    frame,
                    mode="append",
                    schema_mode="merge",
                    commit_properties=CommitProperties(app_transactions=[transaction]),
                )
                self._sync(before)
        except CommitFailedError:
            return False
        return True

    def _sync(self, before: int) -> None:
        # Whoever appended deletes its own copy next: the rows must outlive a power cut by then.
        log = self._folder / "_delta_log"
        for path in (p for p in log.glob("*.json") if int(p.stem) > before):
            added = [json.loads(line).get("add") for line in path.read_text().splitlines()]
            for file in [self._folder / unquote(add["path"]) for add in added if add] + [path]:
                with suppress(FileNotFoundError):  # compacted away meanwhile
                    _sync_file(file)
                    sync_folder(file.parent)
        sync_folder(self._folder)


@contextmanager
def _writing() -> Generator[None]:
    try:
        yield
    except CommitFailedError:
        raise
    except (DeltaError, OSError) as error:
        raise Unavailable(f"The rows could not be stored: {error}. Free some space, then try again.") from error


def _check_types(table: DeltaTable, frame: pl.DataFrame) -> None:
    there = pl.scan_delta(table).collect_schema()
    for name, kind in frame.schema.items():
        if name in there and there[name] != kind:
            raise InvalidInput(
                f"The column {name!r} holds {kind} here and {there[name]} in the rows before. Send it as before, or "
                "deploy under a new endpoint."
            )


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

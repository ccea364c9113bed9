"""Shipping: what the scorer has logged moves into the prediction tables, and leaves the log only after that."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.spool import Spool, SpoolRecord, spool_files
from core.unanswered import UnansweredFile, unanswered_files
from core.workspace.workspace import Workspace

MOST_RECORDS = 2_000
MOST_BYTES = 8 * 2**20
"""A batch is full at this many records or bytes: small enough for memory, large enough for one commit."""

LONGEST_WAIT_SECONDS = 2.0
"""A record waits at most this long for others to share its commit with."""


@dataclass(slots=True)
class Log:
    """One scorer's log: how many records were waiting when last looked at, and since when some do."""

    spool: Spool
    waiting: int = 0
    since: float | None = None

    def ripe(self, waiting: int) -> bool:
        """Tell whether ``waiting`` records have waited long enough, or have stopped becoming more."""
        now = time.monotonic()
        self.since = now if self.since is None else self.since
        grown, self.waiting = waiting != self.waiting, waiting
        return not grown or now - self.since >= LONGEST_WAIT_SECONDS

    def begin_again(self) -> None:
        """Forget what has just been shipped."""
        self.waiting, self.since = 0, None


class Shipping:
    """Ships every log of a folder."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self._logs: dict[Path, Log] = {}

    def ship_what_waits(self) -> None:
        """Ship the logs whose batch is full, has waited long enough, or has stopped growing."""
        for path, log in self._opened():
            while self._ship(path, log, everything=False):
                pass

    def flush(self, seconds: float) -> None:
        """Ship what waits at once, beginning no batch after ``seconds``; what is left waits for the next worker."""
        ends = time.monotonic() + seconds
        for path, log in self._opened():
            while time.monotonic() < ends and self._ship(path, log, everything=True):
                pass

    def _opened(self) -> Iterator[tuple[Path, Log]]:
        for path in spool_files(self._folder):
            if path not in self._logs:
                self._logs[path] = Log(spool=Spool.open(path))
            yield path, self._logs[path]

    def _ship(self, path: Path, log: Log, *, everything: bool) -> bool:
        """Ship one batch and tell whether another full one may wait."""
        records = log.spool.read(0, MOST_RECORDS)
        batch = _that_fits(records)
        full = len(batch) < len(records) or len(records) == MOST_RECORDS
        if not records or not (everything or full or log.ripe(len(records))):
            return False
        self._workspace.deployment.ship(batch, source=path.stem)
        log.spool.delete_through(batch[-1].sequence)
        log.begin_again()
        return full


class UnansweredShipping:
    """Ships the counts of requests without an answer, minute by minute: once a minute is over."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self._files: dict[Path, UnansweredFile] = {}

    def ship_what_is_over(self) -> None:
        """Ship what was counted in the minutes before this one."""
        for path in unanswered_files(self._folder):
            if path not in self._files:
                self._files[path] = UnansweredFile.open(path)
            counts = self._files[path].take(before=datetime.now(UTC))
            if counts:
                self._workspace.deployment.ship_unanswered(counts, source=path.stem)
                self._files[path].drop_through(counts[-1].sequence)


def _that_fits(records: list[SpoolRecord]) -> list[SpoolRecord]:
    room, count = MOST_BYTES, 0
    for record in records:
        room -= len(record.body)
        if room < 0 and count:
            break
        count += 1
    return records[:count]

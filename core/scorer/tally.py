"""The tally of requests without an answer: on disk before the refusal is sent, all that wait in one commit."""

import asyncio
from pathlib import Path

from core.unanswered import SUFFIX, Unanswered, UnansweredFile

GATHER_SECONDS = 0.02
"""How long refusals wait for others to share their commit with: a flood of them must not take the disk from answers."""


class Tally:
    """Counts for one event loop. What waits is one entry a kind, however many requests of it there are."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = UnansweredFile.open(folder / f"{name}{SUFFIX}")
        self._waiting: dict[Unanswered, tuple[int, float]] = {}
        self._next: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def count(self, what: Unanswered, milliseconds: float) -> None:
        """Count one request; it is on disk when this returns.

        Raises
        ------
        Unavailable
            If the disk does not take it.
        """
        requests, slowest = self._waiting.get(what, (0, 0.0))
        self._waiting[what] = (requests + 1, max(slowest, milliseconds))
        if self._next is None:
            self._next = asyncio.create_task(self._commit())
        await asyncio.shield(self._next)

    async def close(self) -> None:
        """Commit what waits, and release the file."""
        if self._next is not None:
            await asyncio.wait([self._next])
        async with self._one_at_a_time:
            await asyncio.to_thread(self._file.close)

    async def _commit(self) -> None:
        async with self._one_at_a_time:
            await asyncio.sleep(GATHER_SECONDS)
            # who comes from here on shares the next commit
            waiting, self._waiting, self._next = self._waiting, {}, None
            await asyncio.to_thread(self._file.add, waiting)

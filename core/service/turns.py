"""One request at a time for each upload; a later one ends the one before, which may hang on a dead connection."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakValueDictionary

from anyio import CancelScope, Lock


class Turns:
    """Who may touch which upload."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, Lock] = WeakValueDictionary()
        self._reading: dict[str, CancelScope] = {}

    @asynccontextmanager
    async def of(self, upload_id: str) -> AsyncGenerator[None]:
        """Wait for the turn at an upload; whoever reads for it from the network is asked to stop."""
        lock = self._locks.setdefault(upload_id, Lock())
        if reading := self._reading.get(upload_id):
            reading.cancel()
        async with lock:
            yield

    @contextmanager
    def reading(self, upload_id: str) -> Generator[CancelScope]:
        """Read from the network for as long as no later request comes: then the scope was cancelled."""
        with CancelScope() as scope:
            self._reading[upload_id] = scope
            if self._locks[upload_id].statistics().tasks_waiting:
                scope.cancel()  # one has come meanwhile
            try:
                yield scope
            finally:
                del self._reading[upload_id]

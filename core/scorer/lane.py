"""Threads that score beside the event loop and never keep the process alive."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any


class Lane:
    """A queue served by daemon threads: a model that never returns cannot hold up the end of the process."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads = threads
        for _ in range(threads):
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Queue a call."""
        job: Future[Any] = Future()
        self._jobs.put((job, call))
        return job

    def close(self) -> None:
        """End the threads after what is queued; does not wait."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, call = item
            if not job.set_running_or_notify_cancel():
                continue
            try:
                result = call()
            except BaseException as error:  # noqa: BLE001 whatever it is, it belongs to whoever awaits the job
                job.set_exception(error)
            else:
                job.set_result(result)

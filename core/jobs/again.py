"""What a process does that outlives its store: it says so in its log, and tries again."""

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger("fullcircle.worker")


def again_and_again(task: Callable[[], None], *, seconds: float, stopping: threading.Event) -> None:
    """Run ``task`` every ``seconds`` until ``stopping`` is set, whatever becomes of it."""
    while not stopping.is_set():
        try:
            task()
        except Exception:  # noqa: BLE001 - the database or the disk may be away for a while; the process outlives that
            _log.exception("%s failed; trying again.", getattr(task, "__name__", "A background task"))
        stopping.wait(seconds)

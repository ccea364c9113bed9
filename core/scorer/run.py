"""The scorer as a process of its own."""

import os
import signal
import socket
import sys
from types import FrameType

from core.errors import Unavailable
from core.settings import Settings

GRACE_SECONDS = 3
"""How long requests in flight may take to end once the process is told to stop."""

# Two thread pools on two busy cores cost more than they give; scale by processes.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT: then take no more, answer what is in flight, flush the log, exit with 0.

    Raises
    ------
    Unavailable
        If the port is taken, or the log cannot be opened.
    """
    os.environ.update(_ONE_THREAD)
    import uvicorn

    from core.scorer.app import create_app

    listener = _listener(settings.scorer_port)
    config = uvicorn.Config(
        create_app(settings),
        loop="auto" if sys.platform == "win32" else "uvloop",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # uvicorn raises the signal once more when it is done; by then it means a clean end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    uvicorn.Server(config).run(sockets=[listener])


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"The scorer's port {port} is taken. Stop what uses it, or set FULLCIRCLE_SCORER_PORT to another."
        ) from error
    listener.listen(1024)
    listener.set_inheritable(True)
    return listener

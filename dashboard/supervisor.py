"""``fullcircle up``: starts the processes of one workspace, keeps them alive, and ends them together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from secrets import token_hex
from types import FrameType
from typing import IO

HOST = "127.0.0.1"
SUPERVISED = "FULLCIRCLE_SUPERVISED"
"""Set for a child: its standard input is a pipe that closes when the supervisor is gone."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Two OpenMP threads on two busy cores turn a fit of one second into half a minute."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_STEADY_SECONDS = 30.0  # a child that lived as long starts again without delay
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.1


class PortTaken(Exception):
    """Another program listens where Fullcircle should."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken, perhaps by another Fullcircle. End that one, or choose a port: --port 0 finds one."
        )


class Child:
    """One supervised process."""

    def __init__(self, name: str, environment: Mapping[str, str], *, once: Sequence[str] = ()) -> None:
        self.name = name
        self._environment = {**os.environ, **environment, SUPERVISED: "1", "PYTHONUNBUFFERED": "1"}
        self._once = list(once)
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._pause = _FIRST_PAUSE
        self._due = 0.0

    def keep_alive(self) -> None:
        """Start the process where it does not run and its pause is over."""
        if self._process is not None and self._process.poll() is None:
            return
        now = time.monotonic()
        if self._process is not None:
            self._plan_restart(now)
        if now >= self._due:
            self._start(now)

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process is not None:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait for the end, and force it at ``until`` (monotonic time)."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(until - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _plan_restart(self, now: float) -> None:
        process, self._process = self._process, None
        code = process.returncode if process else 0
        self._pause = _FIRST_PAUSE if now - self._started > _STEADY_SECONDS else self._pause
        _say(f"{self.name} | ended with {code}; starting again", sys.stderr)
        self._due, self._pause = now + self._pause, min(self._pause * 2, _LONGEST_PAUSE)

    def _start(self, now: float) -> None:
        arguments, self._once = self._once, []
        # A session of its own: Ctrl-C reaches the supervisor alone, which ends the children in order.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dashboard.cli", self.name, *arguments],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._started = now
        if self._process.stdout and self._process.stderr:
            _relay(self._process.stdout, "", sys.stdout)
            _relay(self._process.stderr, f"{self.name} | ", sys.stderr)


def choose_ports(port: int) -> tuple[int, int]:
    """Return the ports of web and scorer: ``port`` and the next one, or two free ones for 0.

    Raises
    ------
    PortTaken
        Another program listens on one of them.
    """
    if port == 0:
        return next(filter(None, (_free_pair() for _ in count())))
    for wanted in (port, port + 1):
        if not _is_free(wanted):
            raise PortTaken(wanted)
    return port, port + 1


def supervise(
    home: Path, ports: tuple[int, int], *, browser: bool, web: Sequence[str] = (), worker: Sequence[str] = ()
) -> None:
    """Run web, worker and scorer until SIGTERM or Ctrl-C; all have ended when this returns.

    ``worker`` and ``web`` are arguments of the first start of each.
    """
    stopping = threading.Event()
    _on_end_signal(stopping.set)
    environment = {
        **ONE_THREAD,
        "FULLCIRCLE_HOME": str(home),
        "FULLCIRCLE_WEB_PORT": str(ports[0]),
        "FULLCIRCLE_SCORER_PORT": str(ports[1]),
        "FULLCIRCLE_UPLOAD_KEY": token_hex(32),
    }
    # only the worker sends mail: the others hold no key to the mail server
    no_mail = {"FULLCIRCLE_SMTP_USER": "", "FULLCIRCLE_SMTP_PASSWORD": ""}
    scorer = {**environment, **no_mail, "POLARS_MAX_THREADS": "1"}
    children = [
        Child("web", {**environment, **no_mail}, once=web),
        Child("worker", environment, once=worker),
        Child("scorer", scorer),
    ]
    address = f"http://{HOST}:{ports[0]}"
    _say(f"Fullcircle is at {address} (Ctrl-C ends it)\nModels are served at http://{HOST}:{ports[1]}", sys.stdout)
    if browser:
        threading.Thread(target=_open_when_it_answers, args=(address,), daemon=True).start()
    while not stopping.is_set():
        for child in children:
            child.keep_alive()
        stopping.wait(_LOOK_SECONDS)
    _end(children)


def end_with_supervisor() -> None:
    """In a child: end this process when the supervisor is gone, however it went."""
    if os.environ.pop(SUPERVISED, None):
        threading.Thread(target=_wait_for_orphanhood, daemon=True).start()


def _wait_for_orphanhood() -> None:
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_END_SECONDS)
    os._exit(1)


def _end(children: Sequence[Child]) -> None:
    """End the ones that take requests first, then the worker, which still ships what they logged."""
    worker = [child for child in children if child.name == "worker"]
    for group in ([child for child in children if child not in worker], worker):
        for child in group:
            child.ask_to_end()
        until = time.monotonic() + _END_SECONDS - 0.5
        for child in group:
            child.wait(until)


def _on_end_signal(end: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        end()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def _relay(source: IO[str], prefix: str, target: IO[str]) -> None:
    def copy() -> None:
        for line in source:
            _say(f"{prefix}{line.rstrip()}", target)

    threading.Thread(target=copy, daemon=True).start()


def _open_when_it_answers(address: str) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=1):
            webbrowser.open(address)
            return
        time.sleep(0.1)


def _free_pair() -> tuple[int, int] | None:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    return (port, port + 1) if port < 65535 and _is_free(port) and _is_free(port + 1) else None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended is free
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _say(text: str, target: IO[str]) -> None:
    with suppress(ValueError, OSError):  # the terminal may be gone before we are
        target.write(f"{text}\n")
        target.flush()

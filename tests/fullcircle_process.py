"""A real ``fullcircle up`` or ``demo`` for tests: started on a free port, awaited, ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx

from core.settings import Settings
from core.workspace.workspace import Workspace

READY_SECONDS = 120.0
END_SECONDS = 10.0


class Fullcircle:
    """One running command. ``address`` is the dashboard's, ``scorer`` the scorer's."""

    def __init__(self, command: str, home: Path, *arguments: str) -> None:
        self.home = home
        self.lines: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", command, "--home", home, "--port", "0", "--no-browser", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=home,  # from any folder
            env={name: value for name, value in os.environ.items() if not name.startswith("FULLCIRCLE_")},
        )
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.address = self.wait_for(r"Fullcircle is at (http://\S+)")
            self.scorer = self.wait_for(r"served at (http://\S+)")
        except AssertionError:
            self.end()  # a command that did not start fails this test, and no later one
            raise

    @property
    def output(self) -> str:
        """Return what the terminal shows so far."""
        return "".join(self.lines)

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> "Fullcircle":
        """Wait until ``/readyz`` answers 200."""
        ends = time.monotonic() + seconds
        while not self.ready():
            assert self.process.poll() is None, f"it ended: {self.output}"
            assert time.monotonic() < ends, f"not ready in {seconds} s: {self.output}"
            time.sleep(0.1)
        return self

    def ready(self) -> bool:
        """Tell whether ``/readyz`` answers 200 now."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/readyz", timeout=2, trust_env=False).status_code == 200
        return False

    def children(self) -> dict[str, int]:
        """Return the process ids of web, worker and scorer."""
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = re.search(r"^PPid:\s+(\d+)", (folder / "status").read_text(), re.MULTILINE)
                if parent and int(parent[1]) == self.process.pid:
                    words = (folder / "cmdline").read_bytes().decode().split("\0")
                    found |= {name: int(folder.name) for name in ("web", "worker", "scorer") if name in words}
        return found

    def end(self, number: int = signal.SIGTERM) -> float:
        """Ask it to end and return how many seconds that took."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=2 * END_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        return time.monotonic() - begun

    def _read(self) -> None:
        with suppress(ValueError, OSError):
            for line in self.process.stdout or []:
                with self._news:
                    self.lines.append(line)
                    self._news.notify_all()

    def wait_for(self, pattern: str, seconds: float = 20.0) -> str:
        """Wait until the terminal shows ``pattern`` and return its first group, or all of it."""
        with self._news:
            assert self._news.wait_for(lambda: re.search(pattern, self.output), timeout=seconds), self.output
        found = re.search(pattern, self.output)
        assert found
        return found[found.lastindex or 0]

    def wait_for_jobs(self, seconds: float = 300.0) -> None:
        """Wait until no job waits or runs."""
        workspace = self.workspace()
        ends = time.monotonic() + seconds
        while workspace.jobs.running():
            assert time.monotonic() < ends, [job.message for job in workspace.jobs.running()]
            time.sleep(0.2)

    def workspace(self) -> Workspace:
        """Open the same workspace beside the running processes."""
        return Workspace.open(Settings(home=self.home, scorer_port=int(self.scorer.rsplit(":", 1)[1])))


def is_alive(process_id: int) -> bool:
    """Tell whether a process still runs."""
    with suppress(OSError):
        status = Path(f"/proc/{process_id}/status").read_text()
        return "State:\tZ" not in status
    return False


class Web:
    """``fullcircle web`` alone, on a port of its own; started again, it is at the same place and knows its pages."""

    def __init__(self, home: Path, upload_key: str) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FULLCIRCLE_")},
            "FULLCIRCLE_UPLOAD_KEY": upload_key,
        }
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "dashboard.cli", "web", "--home", str(self.home), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=self.home, env=self._environment
        )
        ends = time.monotonic() + READY_SECONDS
        while True:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/healthz", timeout=2, trust_env=False).status_code == 200:
                    return
            assert self.process.poll() is None, "web has ended"
            assert time.monotonic() < ends, f"web does not answer in {READY_SECONDS} s"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def memory(self, figure: str = "VmRSS") -> int:
        """Return its resident memory in bytes; ``VmHWM`` is the highest so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"^{figure}:\s+(\d+) kB", status, re.MULTILINE)
        assert found
        return 1024 * int(found[1])

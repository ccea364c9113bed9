"""Open a file in a process of its own: what a hostile file breaks there, it breaks for nobody else."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core import errors
from core.errors import FullcircleError, RefusedFile, Unavailable
from core.frames.budget import budget_of
from core.frames.opened import Opened, opened_from
from core.frames.reading import AS_GUESSED, Reading

_CHILD = "core.frames.opening_child"
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the child knows of the environment: no address and no key of anything."""


def open_file(source: Path, target: Path, *, name: str, reading: Reading = AS_GUESSED) -> Opened:
    """Do what ``to_parquet`` does, in a process that is held to a budget of memory, work and time.

    Raises
    ------
    UnreadableFile
        The file is no table, is empty or damaged, or is not written as ``reading`` says.
    RefusedFile
        It would fill the memory or the disk, holds executable content, or breaks its reader.
    Unavailable
        There is no room to unpack it.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="fullcircle-", dir=target.parent) as scratch:
            made = Path(scratch) / "table.parquet"
            asked = {"source": str(source.absolute()), "made": str(made), "name": name, "reading": asdict(reading)}
            answer = _asked(asked, Path(scratch), seconds=budget_of(_size(source)).clock)
            opened = opened_from(answer)
            made.replace(target)
    except FullcircleError:  # some are kinds of OSError
        raise
    except OSError as problem:
        raise Unavailable(
            f"{name} could not be unpacked ({problem.strerror}). Make room on the disk and open it again."
        ) from problem
    return opened


def _size(source: Path) -> int:
    try:
        return source.stat().st_size
    except OSError:  # the child says what is wrong with it
        return 0


def _asked(asked: Mapping[str, Any], scratch: Path, *, seconds: int) -> Mapping[str, Any]:
    """Return the child's answer. It reads the question and then waits for the end of its input, which is ours."""
    answer, name = scratch / "answer.json", asked["name"]
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", _CHILD, str(answer)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=_environment(),
    )
    try:
        _write(child, json.dumps(asked) + "\n")
        code = child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise _too_slow(name) from None
    finally:
        child.kill()
        child.wait()
        _close(child)
    if not answer.exists():
        raise _broken(code, name)
    found = json.loads(answer.read_bytes())
    if "error" in found:
        kind: type[FullcircleError] = getattr(errors, found["error"])
        raise kind(found["message"])
    return found


def _write(child: subprocess.Popen[bytes], question: str) -> None:
    """Send the question; a child that has ended before it could read it is judged by how it ended."""
    if child.stdin is None:
        return
    try:
        child.stdin.write(question.encode())
        child.stdin.flush()
    except BrokenPipeError:
        return


def _close(child: subprocess.Popen[bytes]) -> None:
    try:
        if child.stdin is not None:
            child.stdin.close()
    except BrokenPipeError:
        return


def _environment() -> Mapping[str, str]:
    """Return a small environment: one thread where nothing is gained by more, since each takes memory."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    here = str(Path(__file__).parents[2])
    small = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return kept | small | {"PYTHONPATH": here, "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONUTF8": "1"}


def _broken(code: int, name: str) -> RefusedFile:
    if sys.platform != "win32" and -code == signal.SIGXCPU:
        return _too_slow(name)
    return RefusedFile(
        f"{name} makes its reader fail (it is damaged, or made to take all memory) and is not opened. "
        "Write it again from where it came, or drop it as plain CSV."
    )


def _too_slow(name: str) -> RefusedFile:
    return RefusedFile(
        f"{name} takes far longer to read than a table of its size should, and is refused. Drop it as plain CSV."
    )

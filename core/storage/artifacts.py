"""Files known by their SHA-256: written whole or not at all, verified when they are read."""

import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from core.durable import sync_folder
from core.errors import Corrupted, NotFound
from core.ids import new_id
from core.storage.arriving import SUFFIX, Arriving, disk_errors_explained

_CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")


class Artifacts:
    """A folder of content-addressed files, laid out as ``ab/abcdef...``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._verified: dict[str, tuple[int, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def put_bytes(self, data: bytes) -> str:
        """Store ``data`` and return its SHA-256.

        Raises
        ------
        Unavailable
            The disk refuses it.
        """
        return self._put((data,))

    def put_file(self, path: Path) -> str:
        """Store a copy of a file and return its SHA-256.

        Raises
        ------
        Unavailable
            The file cannot be read, or the disk refuses the copy.
        """
        return self._put(_chunks(path))

    def arriving(self) -> Arriving:
        """Return a file that comes piece by piece; it is stored when it is settled, under the SHA-256 that this gives.

        Raises
        ------
        Unavailable
            The disk refuses it.
        """
        # Beside its final folder, so that the rename stays on one disk; the name is only known at the end.
        return Arriving(self._folder / f"{new_id()}{SUFFIX}", self._settle)

    def path(self, sha256: str) -> Path:
        """Return where the file lies, for readers that need one; its content is verified.

        Raises
        ------
        NotFound
            There is no such file.
        Corrupted
            Its content is not what was stored.
        """
        path = self._place(sha256)
        try:
            state = path.stat()
        except FileNotFoundError as error:
            raise NotFound.record("artifact", sha256) from error
        seen = (state.st_mtime_ns, state.st_size)
        # A file of gigabytes is hashed once a process, and again where it was touched since.
        if self._verified.get(sha256) != seen:
            _verify(path, sha256)
            self._verified[sha256] = seen
        return path

    def read(self, sha256: str) -> bytes:
        """Return the content of a file, verified.

        Raises
        ------
        NotFound
            There is no such file.
        Corrupted
            Its content is not what was stored.
        """
        try:
            data = self._place(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound.record("artifact", sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _corrupted(sha256)
        return data

    def holds(self, sha256: str) -> bool:
        """Tell whether there is such a file, without reading it."""
        return bool(_NAME.fullmatch(sha256)) and self._place(sha256).is_file()

    def all(self) -> Iterator[str]:
        """Return the SHA-256 of every file, in order."""
        return (p.name for p in sorted(self._folder.glob("??/*")) if _NAME.fullmatch(p.name))

    def verify(self, sha256: str) -> None:
        """Read a file again and compare it with its hash.

        Raises
        ------
        NotFound
            There is no such file.
        Corrupted
            Its content is not what was stored.
        """
        self._verified.pop(sha256, None)
        self.path(sha256)

    def sweep(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove what interrupted writers left behind and return how many files that were."""
        limit = time.time() - older_than.total_seconds()
        stale = [p for p in self._folder.glob(f"*{SUFFIX}") if p.stat().st_mtime < limit]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _place(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise NotFound.record("artifact", sha256)
        return self._folder / sha256[:2] / sha256

    def _put(self, chunks: Iterable[bytes]) -> str:
        with disk_errors_explained(), self.arriving() as file:
            for chunk in chunks:
                file.write(chunk)
            return file.settle()

    def _settle(self, part: Path, sha256: str) -> None:
        path = self._place(sha256)
        with suppress(NotFound, Corrupted):
            self.path(sha256)
            return
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            sync_folder(self._folder)
        part.replace(path)
        sync_folder(path.parent)
        state = path.stat()
        self._verified[sha256] = (state.st_mtime_ns, state.st_size)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _verify(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise _corrupted(sha256)


def _corrupted(sha256: str) -> Corrupted:
    return Corrupted(f"The stored file {sha256[:12]} has changed since it was written. Restore it from a backup.")

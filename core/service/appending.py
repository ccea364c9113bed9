"""Writing to an upload: piece by piece, hashed on the way, durable before it is acknowledged."""

import fcntl
import os
from dataclasses import replace
from hashlib import sha256
from typing import Any

from core.errors import Conflict, RefusedFile
from core.service.upload import Arriving, Upload, announcement, disk_errors_explained, keep

_HASHED_AT_ONCE = 1 << 20


class Digests:
    """The SHA-256 of uploads on their way, each good for one length of its file; what is not known is read again."""

    def __init__(self, *, most: int = 64) -> None:
        self._kept: dict[str, tuple[int, Any]] = {}
        self._most = most

    def take(self, arriving: Arriving) -> Any:
        """Return the hash of what an upload holds, to be continued; it is nobody else's meanwhile."""
        length, digest = self._kept.pop(arriving.id, (-1, None))
        return digest if length == arriving.offset else _hashed(arriving)

    def keep(self, upload_id: str, length: int, digest: Any) -> None:
        """Keep the hash of an upload's first ``length`` bytes for its next part."""
        self._kept[upload_id] = (length, digest)
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


class Appending:
    """An upload that is being written to. ``take`` collects, ``write`` writes that, ``settle`` makes it durable."""

    def __init__(self, arriving: Arriving, digests: Digests) -> None:
        self._began, self._digests = arriving, digests
        self._piece = bytearray()
        self._digest: Any = None
        self.offset = arriving.offset

    def __enter__(self) -> "Appending":
        with disk_errors_explained():
            self._file = self._began.path.open("r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:  # requests of one process take turns: another web process has it
            self._file.close()
            raise Conflict("Another process writes this upload. Send its next part again in a moment.") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def waiting(self) -> int:
        """Return how many bytes are taken and not written."""
        return len(self._piece)

    def take(self, chunk: bytes) -> None:
        """Take what has arrived.

        Raises
        ------
        RefusedFile
            More has arrived than was announced; the upload is then as it was before.
        """
        self._piece += chunk
        if self.offset + len(self._piece) > self._began.size:
            self._piece.clear()
            with disk_errors_explained():
                self._file.truncate(self._began.offset)
            raise too_much(self._began)

    def write(self) -> None:
        """Write what was taken, and hash it.

        Raises
        ------
        Unavailable
            The disk is full or fails.
        """
        if self._digest is None:
            self._digest = self._digests.take(self._began)
        with disk_errors_explained():
            self._file.seek(self.offset)
            left = memoryview(bytes(self._piece))
            while left:
                left = left[self._file.write(left) :]
        self._digest.update(self._piece)
        self.offset += len(self._piece)
        self._piece.clear()

    def settle(self) -> Arriving:
        """Write the rest and make all of it durable; an upload that has all its bytes becomes whole.

        Raises
        ------
        Unavailable
            The disk is full or fails.
        """
        self.write()
        now = replace(self._began, offset=self.offset)
        with disk_errors_explained():
            os.fsync(self._file.fileno())
            os.utime(announcement(now.path))
            if now.offset < now.size:
                self._digests.keep(now.id, now.offset, self._digest)
                return now
            whole = Upload(path=now.path, name=now.name, bytes=now.size, sha256=self._digest.hexdigest())
            keep(whole)
            announcement(now.path).unlink(missing_ok=True)
        return replace(now, whole=whole)


def too_much(arriving: Arriving) -> RefusedFile:
    """Return the refusal of bytes beyond what was announced."""
    return RefusedFile(
        f"More than the {arriving.size:,} bytes that were announced arrived for {arriving.name}. "
        "It changed while it was sent; drop it again."
    )


def _hashed(arriving: Arriving) -> Any:
    digest, left = sha256(), arriving.offset
    with disk_errors_explained(), arriving.path.open("rb") as file:
        while left and (chunk := file.read(min(_HASHED_AT_ONCE, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest

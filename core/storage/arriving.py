"""A file on its way into a store: written beside its place, durable and hashed before it has a name there."""

import hashlib
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from core.errors import Unavailable

SUFFIX = ".part"


class Arriving:
    """A file that comes piece by piece. What is not settled when the block ends is gone.

    ``part`` is where it is written meanwhile; ``keep`` moves it to its place, given that and the SHA-256.
    """

    def __init__(self, part: Path, keep: Callable[[Path, str], None]) -> None:
        self._part, self._keep = part, keep
        self._digest = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        with disk_errors_explained():
            self._file = self._part.open("xb")
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Write what has come.

        Raises
        ------
        Unavailable
            The disk refuses it.
        """
        with disk_errors_explained():
            self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    def settle(self) -> str:
        """Make the file durable under its place's name and return its SHA-256.

        Raises
        ------
        Unavailable
            The disk refuses it.
        """
        sha256 = self._digest.hexdigest()
        with disk_errors_explained():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._keep(self._part, sha256)
        return sha256


@contextmanager
def disk_errors_explained() -> Generator[None]:
    """Tell a failure of the disk in a sentence.

    Raises
    ------
    Unavailable
        There was one.
    """
    try:
        yield
    except Unavailable:
        raise
    except OSError as error:
        raise Unavailable(
            f"The file could not be stored: {error.strerror or error}. Free some space or check the folder's "
            "permissions, then try again."
        ) from error

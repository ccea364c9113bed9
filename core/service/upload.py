"""Files from the browser on disk: begun, appended to durably, whole in the end, swept when nobody takes them.

An upload is up to three files: ``ID`` holds its bytes, ``ID.begun`` what was announced, ``ID.json`` says that it is
whole. How far it has come is the size of ``ID``: what a crash left there counts, and is hashed again.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.durable import sync_folder
from core.errors import FullcircleError, InvalidInput, NotFound, RefusedFile, Unavailable
from core.frames.sources import allowed_by, fetch
from core.ids import new_id
from core.settings import Settings

MAX_UPLOAD_BYTES = 10 * 2**30
"""The largest file that a page takes."""

KEEP_SECONDS = 24 * 3600
"""How long a file that no record has taken stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a person dropped on a page and that is whole on disk."""

    path: Path
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """A file on its way: ``offset`` of ``size`` bytes are on disk, for good. ``whole`` is what became of it."""

    path: Path
    name: str
    size: int
    offset: int
    whole: Upload | None = None

    @property
    def id(self) -> str:
        """Return the upload's id."""
        return self.path.name


def begin(settings: Settings, *, name: str, size: int) -> Arriving:
    """Begin an upload of ``size`` bytes.

    Raises
    ------
    RefusedFile
        It is larger than a page takes.
    Unavailable
        The disk has no room for it.
    """
    if size > MAX_UPLOAD_BYTES:
        raise RefusedFile(f"The file is larger than {MAX_UPLOAD_BYTES // 2**30} GiB. Split it, or save it as Parquet.")
    path = settings.uploads / new_id()
    with disk_errors_explained():
        path.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(path.parent).free
        if free < size:
            raise Unavailable(
                f"The file has {size / 1e6:,.0f} MB and the server's disk has {free / 1e6:,.0f} MB left. "
                "Make room there and drop the file again."
            )
        try:
            path.touch(exist_ok=False)
            write_durably(announcement(path), {"name": _plain_name(name), "size": size})
        except OSError:
            _remove(path)
            raise
    return find(settings, path.name)


def find(settings: Settings, upload_id: str) -> Arriving:
    """Return how far an upload has come; what is said to be there is on disk for good.

    Raises
    ------
    NotFound
        It was never begun, was cancelled, or was not used for a day.
    """
    path = _place(settings, upload_id)
    with disk_errors_explained():
        if whole := _whole(path):
            return Arriving(path=path, name=whole.name, size=whole.bytes, offset=whole.bytes, whole=whole)
        try:
            announced = _facts(announcement(path))
            with path.open("rb") as file:
                os.fsync(file.fileno())
                return Arriving(path=path, **announced, offset=os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            raise _gone(upload_id) from None


def uploaded(settings: Settings, upload_id: str) -> Upload:
    """Return an upload that has arrived.

    Raises
    ------
    NotFound
        No such file has arrived, or it was not used for a day.
    """
    whole = _whole(_place(settings, upload_id))
    if whole is None:
        raise _gone(upload_id)
    return whole


def take(settings: Settings, source: str) -> Upload:
    """Copy a file that the server or an object store has already, as if it had been dropped.

    Raises
    ------
    InvalidInput, NotPermitted, NotFound, Unavailable
        As ``core.frames.sources.fetch`` does.
    """
    path = settings.uploads / new_id()
    with disk_errors_explained():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            name = fetch(source, path, allowed=allowed_by(settings))
            with path.open("rb") as file:
                os.fsync(file.fileno())
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            whole = Upload(path=path, name=_plain_name(name), bytes=path.stat().st_size, sha256=digest)
            keep(whole)
        except (FullcircleError, OSError):
            _remove(path)
            raise
    return whole


def keep(whole: Upload) -> None:
    """Say for good that an upload is whole.

    Raises
    ------
    OSError
        The disk is full or fails.
    """
    facts = {"name": whole.name, "bytes": whole.bytes, "sha256": whole.sha256}
    write_durably(whole.path.with_suffix(".json"), facts)


def cancel(settings: Settings, upload_id: str) -> None:
    """Forget an upload, whether it is whole or not."""
    with disk_errors_explained():
        _remove(_place(settings, upload_id))


def sweep(settings: Settings, *, older_than: float = KEEP_SECONDS) -> int:
    """Delete what nobody took or continued within ``older_than`` seconds, and return how many files went."""
    oldest, gone = time.time() - older_than, 0
    uploads: dict[str, list[Path]] = {}
    for file in settings.uploads.glob("*"):
        uploads.setdefault(file.name.partition(".")[0], []).append(file)
    for files in uploads.values():
        with suppress(FileNotFoundError):  # another web process sweeps too
            if max(file.stat().st_mtime for file in files) < oldest:
                for file in files:
                    file.unlink()
                    gone += 1
    return gone


def checked_id(upload_id: str) -> str:
    """Return an upload's id.

    Raises
    ------
    InvalidInput
        It is none: it must never name another file.
    """
    if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
        raise InvalidInput("An upload's id is 32 hex digits. Reload the page and drop the file again.")
    return upload_id


def _place(settings: Settings, upload_id: str) -> Path:
    return settings.uploads / checked_id(upload_id)


def announcement(path: Path) -> Path:
    """Return the file that holds what was announced of an upload."""
    return path.with_suffix(".begun")


def _whole(path: Path) -> Upload | None:
    try:
        return Upload(path=path, **_facts(path.with_suffix(".json")))
    except FileNotFoundError:
        return None


def _facts(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _gone(upload_id: str) -> NotFound:
    return NotFound(f"The uploaded file {upload_id} is not here any more. Drop it on the page again.")


def write_durably(path: Path, facts: dict[str, Any]) -> None:
    """Write a file whole or not at all, for good.

    Raises
    ------
    OSError
        The disk is full or fails.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(facts, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):  # what cannot be removed now is swept
            part.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for file in (path.with_suffix(".json"), announcement(path), path):
        file.unlink(missing_ok=True)


@contextmanager
def disk_errors_explained() -> Generator[None, None, None]:
    """Say in a sentence what the disk refuses.

    Raises
    ------
    Unavailable
        The disk is full or fails.
    """
    try:
        yield
    except FullcircleError:  # some are kinds of OSError, and have their sentence
        raise
    except OSError as error:
        raise Unavailable(f"The file cannot be stored ({error.strerror}). Make room on the server's disk.") from error


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without control characters: it is shown, never opened."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(character for character in last if character.isprintable()).strip().lstrip(".")
    return plain[-120:] or "file"

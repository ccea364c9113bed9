"""Files from the browser: streamed to disk in pieces, never as a whole in memory."""

import json
import os
import re
import time
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import FullcircleError, InvalidInput, NotFound, NotPermitted, RefusedFile, Unavailable
from core.service.token import token_holds
from core.settings import Settings

MAX_UPLOAD_BYTES = 2 * 2**30
"""The largest file that a page takes."""

KEEP_SECONDS = 24 * 3600
"""How long a file that no record has taken stays."""

_PIECE_BYTES = 4 * 2**20
_STATUS: dict[type[FullcircleError], int] = {NotPermitted: 403, InvalidInput: 400, RefusedFile: 413, Unavailable: 507}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a person dropped on a page and that is whole on disk."""

    path: Path
    name: str
    bytes: int
    sha256: str


def uploaded(settings: Settings, upload_id: str) -> Upload:
    """Return an upload that has arrived.

    Raises
    ------
    NotFound
        No such file has arrived, or it was not used for a day.
    """
    path = settings.uploads / _checked(upload_id)
    try:
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"The uploaded file {upload_id} is not here any more. Drop it on the page again.") from None
    return Upload(path=path, **facts)


def sweep(settings: Settings, *, older_than: float = KEEP_SECONDS) -> int:
    """Delete what nobody took within ``older_than`` seconds, and return how many files went."""
    oldest, gone = time.time() - older_than, 0
    for file in settings.uploads.glob("*"):
        with suppress(FileNotFoundError):  # another web process sweeps too
            if file.stat().st_mtime < oldest:
                file.unlink()
                gone += 1
    return gone


def routes(settings: Settings) -> list[Route]:
    """Return ``PUT /api/v1/uploads/{id}?name=FILE``: the body is the file, ``X-Upload-Token`` the permission."""
    return [Route("/api/v1/uploads/{upload_id}", partial(_put, settings), methods=["PUT"])]


async def _put(settings: Settings, request: Request) -> Response:
    try:
        upload = await _receive(settings, request)
    except ClientDisconnect:
        return Response(status_code=499)
    except FullcircleError as error:
        return JSONResponse({"error": str(error)}, status_code=_STATUS.get(type(error), 400))
    return JSONResponse({"id": upload.path.name, "name": upload.name, "bytes": upload.bytes, "sha256": upload.sha256})


async def _receive(settings: Settings, request: Request) -> Upload:
    upload_id = _checked(request.path_params["upload_id"])
    if not token_holds(upload_id, request.headers.get("x-upload-token", "")):
        raise NotPermitted("This page has been open for too long to take a file. Reload it and drop the file again.")
    announced = request.headers.get("content-length", "")
    _refuse_above(int(announced) if announced.isdigit() else 0)
    path = settings.uploads / upload_id
    with _part(path) as (part, file):
        size, digest = await _stream(request.stream(), file)
        await to_thread.run_sync(_keep, file)
        upload = Upload(path=path, name=_plain_name(request.query_params.get("name", "")), bytes=size, sha256=digest)
        await to_thread.run_sync(_publish, part, upload)
    return upload


async def _stream(chunks: AsyncIterator[bytes], file: IO[bytes]) -> tuple[int, str]:
    size, digest, piece = 0, sha256(), bytearray()

    def write(data: bytes) -> None:
        with _disk_errors_explained():
            file.write(data)
        digest.update(data)

    async for chunk in chunks:
        size += len(chunk)
        _refuse_above(size)
        piece += chunk
        if len(piece) >= _PIECE_BYTES:
            await to_thread.run_sync(write, bytes(piece))
            piece.clear()
    await to_thread.run_sync(write, bytes(piece))
    return size, digest.hexdigest()


@contextmanager
def _part(path: Path) -> Generator[tuple[Path, IO[bytes]], None, None]:
    # A name of its own for every attempt: a retry never writes into what a broken connection left.
    part = path.with_name(f"{path.name}.{token_hex(4)}.part")
    try:
        with _disk_errors_explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                yield part, file
    finally:
        for left in (part, _description(part)):
            with suppress(OSError):  # what cannot be removed now is swept
                left.unlink()


def _keep(file: IO[bytes]) -> None:
    with _disk_errors_explained():
        file.flush()
        os.fsync(file.fileno())


def _publish(part: Path, upload: Upload) -> None:
    facts = {key: value for key, value in asdict(upload).items() if key != "path"}
    described = _description(part)
    described.write_text(json.dumps(facts), encoding="utf-8")
    part.replace(upload.path)
    described.replace(upload.path.with_suffix(".json"))  # last: what says that the file is whole


def _description(part: Path) -> Path:
    return part.with_suffix(".json.part")


@contextmanager
def _disk_errors_explained() -> Generator[None, None, None]:
    try:
        yield
    except FullcircleError:  # some are kinds of OSError, and have their sentence
        raise
    except OSError as error:
        raise Unavailable(f"The file cannot be stored ({error.strerror}). Make room on the server's disk.") from error


def _refuse_above(size: int) -> None:
    if size > MAX_UPLOAD_BYTES:
        raise RefusedFile(f"The file is larger than {MAX_UPLOAD_BYTES // 2**30} GiB. Split it, or save it as Parquet.")


def _checked(upload_id: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
        raise InvalidInput("An upload's id is 32 hex digits. Reload the page and drop the file again.")
    return upload_id


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without control characters: it is shown, never opened."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(character for character in last if character.isprintable()).strip().lstrip(".")
    return plain[-120:] or "file"

"""Files from the browser: streamed to disk in pieces, never as a whole in memory, resumed where they broke off.

The words are those of tus 1.0 and of the resumable uploads of HTTP where they fit. ``X-Upload-Token`` is the
permission: the page's own begins an upload, and the answer holds the one that continues it.

* ``POST /api/v1/uploads`` with ``{"name": ..., "size": ...}``: 201, ``Location``, ``{"id", "address", "token"}``
* ``PATCH /api/v1/uploads/{id}`` with ``Upload-Offset``: appends; 204 with the new ``Upload-Offset``, 409 with the right
  one; what was acknowledged is on disk for good
* ``HEAD /api/v1/uploads/{id}``: ``Upload-Offset``, ``Upload-Length``; ``Repr-Digest`` is the SHA-256 of a whole file
* ``DELETE /api/v1/uploads/{id}``: forgets it
"""

import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Conflict, FullcircleError, InvalidInput, NotFound, NotPermitted, RefusedFile, Unavailable
from core.service import upload as uploads
from core.service.appending import Appending, Digests, too_much
from core.service.token import may_begin, may_continue, upload_token
from core.service.turns import Turns
from core.service.upload import Arriving, sweep, uploaded
from core.settings import Settings

__all__ = ["routes", "sweep", "uploaded"]

PLACE = "/api/v1/uploads"
_PIECE_BYTES = 4 * 2**20
_ANNOUNCEMENT_BYTES = 1 << 16
_DRAINED_BYTES = 32 * 2**20
_STATUS: dict[type[FullcircleError], int] = {
    NotPermitted: 403,
    NotFound: 404,
    InvalidInput: 400,
    Conflict: 409,
    RefusedFile: 413,
    Unavailable: 507,
}
_Handler = Callable[[Request], Awaitable[Response]]


class _NoLength(InvalidInput):
    """An upload that does not say how large it is."""


class _WrongOffset(Conflict):
    """A part that does not begin where the upload ends."""

    def __init__(self, arriving: Arriving, sentence: str) -> None:
        super().__init__(sentence)
        self.arriving = arriving


class _TakenOver(_WrongOffset):
    """A part that a later request ended."""


class Intake:
    """The uploads of one web process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = Turns()
        self._digests = Digests()

    async def begin(self, request: Request) -> Response:
        """Begin an upload."""
        if not may_begin(_token(request)):
            raise _expired()
        name, size = _announced(await _small_body(request))
        arriving = await to_thread.run_sync(lambda: uploads.begin(self._settings, name=name, size=size))
        if not size:
            with Appending(arriving, self._digests) as empty:
                arriving = await to_thread.run_sync(empty.settle)
        address = f"{PLACE}/{arriving.id}"
        answer = {"id": arriving.id, "address": address, "token": upload_token(arriving.id), "name": arriving.name}
        return JSONResponse(answer, status_code=201, headers={"Location": address, **_headers(arriving)})

    async def tell(self, request: Request) -> Response:
        """Tell how far an upload has come."""
        upload_id = _permitted(request)
        async with self._turns.of(upload_id):
            return Response(headers=_headers(await self._find(upload_id)))

    async def append(self, request: Request) -> Response:
        """Append to an upload what the request holds."""
        upload_id = _permitted(request)
        try:
            async with self._turns.of(upload_id):
                arriving = await self._append(request, await self._find(upload_id))
        except _TakenOver:
            raise
        except FullcircleError:
            await _drain(request)  # or the browser takes the closed connection for the answer
            raise
        return Response(status_code=204, headers=_headers(arriving))

    async def cancel(self, request: Request) -> Response:
        """Forget an upload."""
        upload_id = _permitted(request)
        async with self._turns.of(upload_id):
            await to_thread.run_sync(uploads.cancel, self._settings, upload_id)
        return Response(status_code=204)

    async def _find(self, upload_id: str) -> Arriving:
        """Return how far an upload has come; one that a crash kept from becoming whole becomes so."""
        arriving = await to_thread.run_sync(uploads.find, self._settings, upload_id)
        if arriving.whole or arriving.offset < arriving.size:
            return arriving
        with Appending(arriving, self._digests) as complete:
            return await to_thread.run_sync(complete.settle)

    async def _append(self, request: Request, arriving: Arriving) -> Arriving:
        offset = _number(request, "upload-offset")
        if offset is None:
            raise InvalidInput("A part of an upload says where it begins: Upload-Offset, in bytes from 0.")
        if offset != arriving.offset:
            sentence = f"{arriving.name} continues at byte {arriving.offset:,}, not at {offset:,}. Send it from there."
            raise _WrongOffset(arriving, sentence)
        if (_number(request, "content-length") or 0) > arriving.size - offset:
            raise too_much(arriving)
        if arriving.whole:
            return arriving
        with Appending(arriving, self._digests) as appending:
            ended = await self._stream(request, appending, arriving.id)
            arriving = await to_thread.run_sync(appending.settle)
        if not ended:
            raise _TakenOver(arriving, "A later request took over this upload. Ask where it stands and go on there.")
        return arriving

    async def _stream(self, request: Request, appending: Appending, upload_id: str) -> bool:
        """Write what arrives, to the end, to the break of the connection, or until a later request comes (false)."""
        with self._turns.reading(upload_id) as reading:
            try:
                async for chunk in request.stream():
                    appending.take(chunk)
                    if appending.waiting >= _PIECE_BYTES:
                        await to_thread.run_sync(appending.write)
            except ClientDisconnect:  # nobody reads the answer, but what came is kept
                pass
        return not reading.cancelled_caught


def routes(settings: Settings) -> list[Route]:
    """Return the routes of the resumable uploads."""
    intake, one = Intake(settings), f"{PLACE}/{{upload_id}}"
    return [
        Route(PLACE, _in_words(intake.begin), methods=["POST"]),
        Route(one, _in_words(intake.tell), methods=["HEAD"]),
        Route(one, _in_words(intake.append), methods=["PATCH"]),
        Route(one, _in_words(intake.cancel), methods=["DELETE"]),
    ]


def _in_words(handler: _Handler) -> _Handler:
    """Return a handler whose errors are a status and one sentence."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=499)
        except _NoLength as error:
            return JSONResponse({"error": str(error)}, status_code=411)
        except _WrongOffset as error:
            return JSONResponse({"error": str(error)}, status_code=409, headers=_headers(error.arriving))
        except FullcircleError as error:
            return JSONResponse({"error": str(error)}, status_code=_STATUS.get(type(error), 400))

    return handle


def _headers(arriving: Arriving) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(arriving.offset),
        "Upload-Length": str(arriving.size),
        "Cache-Control": "no-store",
    }
    if arriving.whole:
        digest = base64.b64encode(bytes.fromhex(arriving.whole.sha256)).decode()
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return headers


def _token(request: Request) -> str:
    return request.headers.get("x-upload-token", "")


def _permitted(request: Request) -> str:
    upload_id = uploads.checked_id(request.path_params["upload_id"])
    if not may_continue(upload_id, _token(request)):
        raise _expired()
    return upload_id


def _expired() -> NotPermitted:
    return NotPermitted(
        "This page may not send this file, or was open for too long. Reload it and drop the file again."
    )


def _number(request: Request, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


async def _small_body(request: Request) -> Mapping[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _ANNOUNCEMENT_BYTES:
            raise InvalidInput("An upload begins with its name and size only. Send the file itself with PATCH.")
    try:
        announced: object = json.loads(body)
    except (ValueError, RecursionError):
        announced = None
    if not isinstance(announced, dict):
        raise InvalidInput('An upload begins with JSON: {"name": "flights.csv", "size": 1048576}.')
    return cast("dict[str, Any]", announced)


def _announced(body: Mapping[str, Any]) -> tuple[str, int]:
    name, size = body.get("name", ""), body.get("size")
    if size is None:
        raise _NoLength("An upload begins with its length. Send the file's size in bytes.")
    if not isinstance(name, str) or type(size) is not int or size < 0:
        raise InvalidInput("An upload's name is text and its size a number of bytes from 0. Drop the file again.")
    return name, size


async def _drain(request: Request) -> None:
    """Read the rest of a short request whose answer is known already."""
    if 0 < (_number(request, "content-length") or 0) <= _DRAINED_BYTES:
        try:
            async for _ in request.stream():
                pass
        except (ClientDisconnect, RuntimeError):  # it has gone, or was read to its end
            pass

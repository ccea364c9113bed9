"""The body of a request, in bounded memory."""

import asyncio
import zlib

from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.errors import InvalidInput

MAX_BODY_BYTES = 16 * 2**20
"""Size of a request's body, unpacked."""


BODY_SECONDS = 30
"""How long a body may take to arrive."""


async def read_body(request: Request) -> bytes:
    """Return the body, unpacked where it is gzip or deflate.

    Raises
    ------
    HTTPException
        413 where it is larger than ``MAX_BODY_BYTES``, 408 where it does not arrive, 415 for another encoding.
    InvalidInput
        If the packed bytes are damaged.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MAX_BODY_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            sent = await _sent(request)
    except TimeoutError as error:
        raise HTTPException(408, f"The body did not arrive within {BODY_SECONDS} seconds; send it again.") from error
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return sent
    if encoding not in ("gzip", "deflate"):
        raise HTTPException(415, f"The body is packed as {encoding[:20]!r}; send it plain, gzip or deflate.")
    return _unpacked(sent)


async def _sent(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise _too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def _unpacked(packed: bytes) -> bytes:
    # 32 + 15: gzip or zlib, whichever the first bytes say
    unpacker = zlib.decompressobj(wbits=47)
    try:
        plain = unpacker.decompress(packed, MAX_BODY_BYTES + 1)
    except zlib.error as error:
        raise InvalidInput(f"The packed body is damaged ({error}); send it again.") from error
    if len(plain) > MAX_BODY_BYTES:
        raise _too_large()
    if not unpacker.eof:
        raise InvalidInput("The packed body ends too early; send it again.")
    return plain


def _too_large() -> HTTPException:
    return HTTPException(
        413,
        f"The body is larger than the budget of {MAX_BODY_BYTES // 2**20} MB; split the rows over several requests.",
    )

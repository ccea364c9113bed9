"""The body of a request, in bounded memory."""

import zlib

from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.errors import InvalidInput

MAX_BODY_BYTES = 16 * 2**20
"""Size of a request's body, unpacked."""


async def read_body(request: Request) -> bytes:
    """Return the body, unpacked where it is gzip or deflate.

    Raises
    ------
    HTTPException
        413 where it is larger than ``MAX_BODY_BYTES``, 415 for another encoding.
    InvalidInput
        If the packed bytes are damaged.
    """
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise _too_large()
        chunks.append(chunk)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return b"".join(chunks)
    if encoding not in ("gzip", "deflate"):
        raise HTTPException(415, f"The body is packed as {encoding[:20]!r}; send it plain, gzip or deflate.")
    return _unpacked(b"".join(chunks))


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

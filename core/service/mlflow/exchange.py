"""What every request and answer of the protocol has in common."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response

from core.errors import InvalidInput, NotPermitted
from core.service.mlflow.credentials import Credentials
from core.service.mlflow.failures import failure
from core.service.mlflow.fields import Fields, QueryFields
from core.workspace.workspace import Workspace

Admit = Callable[[Credentials | None], Workspace]
"""Opens the workspace for whoever sent a request."""

_MOST_BYTES = 32 * 2**20


def check_origin(request: Request) -> None:
    """Refuse a page of another site, which a browser would let send requests with this machine's rights."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotPermitted(
            "A page of another site may not talk to Fullcircle. Use MLflow's client, or Fullcircle's pages."
        )


async def json_body(request: Request) -> bytes:
    """Return the JSON that a request carries.

    Raises
    ------
    InvalidInput
        It is too long, or is said to be something else.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise InvalidInput(f"The request has more than {_MOST_BYTES:,} bytes. Send several smaller ones.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":  # another kind could come from a form of another site
        raise InvalidInput("The request's Content-Type is not application/json. Send JSON, and say so.")
    return bytes(body)


def query_of(request: Request) -> Fields:
    """Return the fields of a query."""
    content: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        content.setdefault(name, []).append(value)
    return QueryFields(content)


def told(error: Exception) -> Response:
    """Return the answer that tells an error."""
    status, content = failure(error)
    return json_answer(content, status)


def json_answer(content: Mapping[str, Any], status: int = 200) -> Response:
    """Return JSON as an answer."""
    return Response(orjson.dumps(content), status, media_type="application/json")

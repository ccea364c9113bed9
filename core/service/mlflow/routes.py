"""The protocol's routes, beside the others of the web process."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.errors import InvalidInput, NotPermitted
from core.service.mlflow import experiments, metrics, runs, writing
from core.service.mlflow.credentials import Credentials, credentials
from core.service.mlflow.endpoints import Table
from core.service.mlflow.failures import failure
from core.service.mlflow.fields import Fields, QueryFields, of_body
from core.workspace.workspace import Workspace

SPOKEN = "3.17.2"
"""The newest version of MLflow whose protocol is spoken here."""

TABLE = Table((*writing.ENDPOINTS, *runs.ENDPOINTS, *metrics.ENDPOINTS, *experiments.ENDPOINTS))

Admit = Callable[[Credentials | None], Workspace]
"""Opens the workspace for whoever sent a request."""

_PREFIXES = ("/api/2.0/mlflow", "/api/3.0/mlflow", "/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_MOST_BYTES = 32 * 2**20


class Protocol:
    """What answers every request under the prefixes."""

    def __init__(self, admit: Admit, table: Table) -> None:
        self._admit = admit
        self._table = table

    async def answer(self, request: Request) -> Response:
        """Answer a request: with JSON, whatever happens."""
        try:
            _check_origin(request)
            who = credentials(request.headers.get("authorization", ""))
            body = b"" if request.method == "GET" else await _body(request)
            return await to_thread.run_sync(self._carried_out, request, who, body)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - a client must always hear what happened
            return _told(error)

    def _carried_out(self, request: Request, who: Credentials | None, body: bytes) -> Response:
        try:
            handler, named = self._table.find(request.method, request.path_params["path"])
            fields = of_body(body) if body else _of_query(request)
            return _json(handler(self._admit(who), fields.beside(named) if named else fields))
        except Exception as error:  # noqa: BLE001 - a client must always hear what happened
            return _told(error)


def routes(admit: Admit) -> list[Route]:
    """Return the routes of MLflow's tracking protocol."""
    protocol = Protocol(admit, TABLE)
    return [
        *(Route(f"{prefix}/{{path:path}}", protocol.answer, methods=_METHODS) for prefix in _PREFIXES),
        Route("/version", _version),
        Route("/health", _health),
    ]


async def _version(_: Request) -> Response:
    return PlainTextResponse(SPOKEN)


async def _health(_: Request) -> Response:
    return PlainTextResponse("OK")


def _check_origin(request: Request) -> None:
    """Refuse a page of another site, which a browser would let send requests with this machine's rights."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotPermitted(
            "A page of another site may not talk to Fullcircle. Use MLflow's client, or Fullcircle's pages."
        )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise InvalidInput(f"The request has more than {_MOST_BYTES:,} bytes. Send several smaller ones.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":  # another kind could come from a form of another site
        raise InvalidInput("The request's Content-Type is not application/json. Send JSON, and say so.")
    return bytes(body)


def _of_query(request: Request) -> Fields:
    content: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        content.setdefault(name, []).append(value)
    return QueryFields(content)


def _told(error: Exception) -> Response:
    status, content = failure(error)
    return _json(content, status)


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")

"""The protocol's routes, beside the others of the web process."""

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.service.mlflow import artifacts, experiments, files, metrics, models, registry, runs, writing
from core.service.mlflow.credentials import Credentials, credentials
from core.service.mlflow.endpoints import Table
from core.service.mlflow.exchange import Admit, check_origin, json_answer, json_body, query_of, told
from core.service.mlflow.fields import of_body

SPOKEN = "3.17.2"
"""The newest version of MLflow whose protocol is spoken here."""

TABLE = Table(
    (
        *writing.ENDPOINTS,
        *runs.ENDPOINTS,
        *metrics.ENDPOINTS,
        *experiments.ENDPOINTS,
        *artifacts.ENDPOINTS,
        *models.ENDPOINTS,
        *registry.ENDPOINTS,
    )
)

_PREFIXES = ("/api/2.0/mlflow", "/api/3.0/mlflow", "/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Protocol:
    """What answers every request under the prefixes."""

    def __init__(self, admit: Admit, table: Table) -> None:
        self._admit = admit
        self._table = table

    async def answer(self, request: Request) -> Response:
        """Answer a request: with JSON, whatever happens."""
        try:
            check_origin(request)
            who = credentials(request.headers.get("authorization", ""))
            body = b"" if request.method == "GET" else await json_body(request)
            return await to_thread.run_sync(self._carried_out, request, who, body)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - a client must always hear what happened
            return told(error)

    def _carried_out(self, request: Request, who: Credentials | None, body: bytes) -> Response:
        try:
            handler, named = self._table.find(request.method, request.path_params["path"])
            fields = of_body(body) if body else query_of(request)
            return json_answer(handler(self._admit(who), fields.beside(named) if named else fields))
        except Exception as error:  # noqa: BLE001 - a client must always hear what happened
            return told(error)


def routes(admit: Admit) -> list[Route]:
    """Return the routes of MLflow's tracking protocol."""
    protocol = Protocol(admit, TABLE)
    return [
        *files.routes(admit),
        *(Route(f"{prefix}/{{path:path}}", protocol.answer, methods=_METHODS) for prefix in _PREFIXES),
        Route("/version", _version),
        Route("/health", _health),
    ]


async def _version(_: Request) -> Response:
    return PlainTextResponse(SPOKEN)


async def _health(_: Request) -> Response:
    return PlainTextResponse("OK")

"""Labels from other systems: ``POST /api/v1/projects/{project}/labels``.

The body is ``{"labels": [{"entity_id": "...", "label": 1, "observed_at": "2026-03-09T04:00:00Z"}, ...]}``, where
``observed_at`` may be left out; the answer ``{"learned": 2}``. The same body again stores nothing twice. It must be
sent as ``application/json``: a form on another site cannot do that without asking.
"""

from collections.abc import Callable
from typing import Any

import orjson
import polars as pl
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Conflict, FullcircleError, InvalidInput, NotFound, NotPermitted
from core.workspace.workspace import Workspace

PLACE = "/api/v1/projects/{project}/labels"
MOST_BYTES = 32 * 2**20
_STATUS: dict[type[FullcircleError], int] = {NotFound: 404, NotPermitted: 403, Conflict: 409, InvalidInput: 400}
_WANTED = 'Send {"labels": [{"entity_id": "...", "label": ...}, ...]} as application/json.'


def routes(workspace: Callable[[], Workspace]) -> list[Route]:
    """Return the routes by which labels arrive."""

    async def learn(request: Request) -> Response:
        try:
            frame = _frame(await _body(request))
            stored = await to_thread.run_sync(_learn, workspace(), request.path_params["project"], frame)
        except FullcircleError as refusal:
            return JSONResponse({"error": str(refusal)}, status_code=_STATUS.get(type(refusal), 400))
        return JSONResponse({"learned": stored})

    return [Route(PLACE, learn, methods=["POST"])]


def _learn(workspace: Workspace, project: str, frame: pl.DataFrame) -> int:
    return workspace.outcomes.learn(workspace.projects.get(project).id, frame, name="a request")


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidInput(_WANTED)
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > MOST_BYTES:
            raise InvalidInput(f"The body is larger than {MOST_BYTES // 2**20} MB. Send the labels in parts.")
    return bytes(held)


def _frame(body: bytes) -> pl.DataFrame:
    try:
        content: Any = orjson.loads(body)
        rows = content["labels"]
        return pl.DataFrame(rows, infer_schema_length=None, strict=False)
    except (ValueError, TypeError, KeyError, pl.exceptions.PolarsError) as error:
        raise InvalidInput(_WANTED) from error

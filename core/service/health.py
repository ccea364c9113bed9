"""Probes: is the process there, and is the whole of Fullcircle ready."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.settings import Settings
from core.workspace.workspace import Workspace

OLDEST_BEAT = timedelta(seconds=5)
"""A worker that has not said for longer that it lives counts as dead."""

_SCORER_SECONDS = 1.0

OpenWorkspace = Callable[[], Workspace]


def routes(settings: Settings, workspace: OpenWorkspace) -> list[Route]:
    """Return ``/healthz`` (this process answers) and ``/readyz`` (records, worker and scorer are ready)."""
    return [Route("/healthz", _healthz), Route("/readyz", partial(_readyz, settings, workspace))]


def worker_ready(last_beat: datetime | None, now: datetime) -> bool:
    """Tell whether the worker has lately said that it lives."""
    return last_beat is not None and now - last_beat < OLDEST_BEAT


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


async def _readyz(settings: Settings, workspace: OpenWorkspace, _: Request) -> Response:
    records, worker = await to_thread.run_sync(_records_and_worker, workspace)
    parts = {"records": records, "worker": worker, "scorer": await _scorer_ready(settings)}
    ready = all(parts.values())
    body = {"ready": ready, "parts": {name: "ready" if well else "not ready" for name, well in parts.items()}}
    return JSONResponse(body, status_code=200 if ready else 503)


def _records_and_worker(workspace: OpenWorkspace) -> tuple[bool, bool]:
    try:
        last_beat = workspace().jobs.last_beat("worker")
    except Exception:  # noqa: BLE001 - whatever keeps the records away, the answer is that they are
        return False, False
    return True, worker_ready(last_beat, datetime.now(UTC))


async def _scorer_ready(settings: Settings) -> bool:
    try:
        # No proxy and no certificates: it is a process of ours at an address of ours.
        async with httpx.AsyncClient(timeout=_SCORER_SECONDS, trust_env=False, verify=False) as client:
            answer = await client.get(f"{settings.scorer_url}/v2/health/ready")
    except httpx.HTTPError:
        return False
    return answer.status_code == 200

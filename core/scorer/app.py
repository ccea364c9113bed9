"""The Open Inference Protocol, version 2, over HTTP: the endpoint's slug is the model's name."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from core.deployment.oip import infer_answer
from core.deployment.serving import ServingPlan
from core.errors import Conflict, FullcircleError, InvalidInput, NotFound, NotPermitted, Unavailable
from core.scorer.answer import answer_bytes, metadata, parted, record_bytes
from core.scorer.binary import HEADER
from core.scorer.body import read_body
from core.scorer.call import Call, read_call
from core.scorer.counters import Counters
from core.scorer.endpoints import Endpoint, Endpoints, load_onnx
from core.scorer.invocations import read_invocation
from core.scorer.tally import Tally
from core.scorer.variant import Loader
from core.settings import Settings
from core.spool import Spool, SpoolEntry
from core.unanswered import Unanswered

LARGE_BODY_BYTES = 2**17
"""A body from this size on is read in a thread, so that small requests do not wait behind it."""

_STATUS = {InvalidInput: 400, NotPermitted: 403, NotFound: 404, Conflict: 409, Unavailable: 503}


class Scorer:
    """What one scorer process holds: its endpoints, its log, its counts."""

    def __init__(self, settings: Settings, *, name: str, load: Loader) -> None:
        self.endpoints = Endpoints(settings.home, settings.serving, load=load)
        self.spool = Spool.open(settings.spool / f"{name}.db")
        self.tally = Tally(settings.spool, name)
        self.started_at = datetime.now(UTC)
        self._counters: dict[str, Counters] = {}

    def counters(self, name: str) -> Counters:
        """Return the counts of an endpoint."""
        return self._counters.setdefault(name, Counters())

    async def answer(self, endpoint: Endpoint, call: Call, started: float) -> bytes:
        """Score, log, and only then return the answer.

        Raises
        ------
        Conflict
            If the request's id was used for another payload.
        Unavailable
            If the log does not take the record.
        HTTPException
            500 if the model cannot score these rows.
        """
        plan = endpoint.plan
        mark = await endpoint.marker.mark(call.columns, call.rows)
        try:
            champion = await endpoint.champion.answer(call.columns, call.rows)
        except FullcircleError:
            raise
        except Exception as error:
            raise HTTPException(
                500, f"{plan.champion.title} could not score these rows; roll back to the version before it."
            ) from error
        milliseconds = (time.perf_counter() - started) * 1000
        shadows = await asyncio.gather(*(shadow.answer(call.columns) for shadow in endpoint.shadows))
        body = record_bytes(call, plan, [champion, *shadows], latency_ms=milliseconds, mark=mark)
        entry = SpoolEntry(
            endpoint=plan.endpoint,
            request_id=call.request_id,
            payload_hash=call.payload_hash,
            body=body,
            answer=answer_bytes(call, plan, champion, mark),
        )
        answer = await self.spool.append(entry)
        self.counters(plan.endpoint).marked(mark)
        return answer

    async def count(self, plan: ServingPlan, status: int, milliseconds: float) -> None:
        """Count a request that gets no answer, before it is told why."""
        kind = Unanswered(
            project_id=plan.project_id, version_id=plan.champion.version_id, revision=plan.revision, status=status
        )
        # that it cannot be counted, or that the process ends meanwhile, must not cost it the reason
        with contextlib.suppress(Unavailable, asyncio.CancelledError):
            await self.tally.count(kind, milliseconds)


def create_app(settings: Settings, *, name: str = "scorer", load: Loader = load_onnx) -> Starlette:
    """Return the scorer's application. ``name`` is that of its log, one a process.

    Raises
    ------
    Unavailable
        If its log cannot be opened.
    """
    scorer = Scorer(settings, name=name, load=load)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        watching = asyncio.create_task(scorer.endpoints.watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.to_thread(scorer.spool.close)
            await scorer.tally.close()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers=dict.fromkeys((FullcircleError, HTTPException, ClientDisconnect, Exception), _refuse),
    )
    app.state.scorer = scorer
    return app


def _routes() -> list[Route]:
    model = "/v2/models/{model}"
    versioned = model + "/versions/{version}"
    return [
        Route(f"{model}/infer", _infer, methods=["POST"]),
        Route(f"{versioned}/infer", _infer, methods=["POST"]),
        Route(f"{model}/ready", _model_ready),
        Route(f"{versioned}/ready", _model_ready),
        Route(model, _model),
        Route(versioned, _model),
        Route("/v2", _server),
        Route("/v2/", _server),
        Route("/v2/health", _health),
        Route("/v2/health/live", _live),
        Route("/v2/health/ready", _ready),
        Route("/v2/repository/index", _index, methods=["POST"]),
        Route("/status", _status),
        Route("/invocations", _invocations, methods=["POST"]),
        Route("/ping", _ping),
    ]


async def _infer(request: Request) -> Response:
    call, answer = await _answered(request, _endpoint(request), read_call)
    content, json_bytes = parted(call, answer)
    if json_bytes is None:
        return Response(content, media_type="application/json")
    return Response(content, media_type="application/octet-stream", headers={HEADER: str(json_bytes)})


async def _invocations(request: Request) -> Response:
    serving = _scorer(request).endpoints.serving
    if len(serving) != 1:
        raise NotFound(f"/invocations serves the only model; here are {len(serving)}. Use /v2/models/<name>/infer.")
    (endpoint,) = serving.values()
    _, answer = await _answered(request, endpoint, read_invocation)
    score, predicted = infer_answer(orjson.loads(answer))
    return _json({"predictions": predicted if endpoint.plan.champion.classes else score})


async def _answered(request: Request, endpoint: Endpoint, read: Callable[..., Call]) -> tuple[Call, bytes]:
    started = time.perf_counter()
    scorer = _scorer(request)
    counters = scorer.counters(endpoint.plan.endpoint)
    call = None
    try:
        if "origin" in request.headers:
            raise NotPermitted("A web page may not ask for predictions here; call from a program, without Origin.")
        call = await _call(request, endpoint, read)
        answer = await scorer.answer(endpoint, call, started)
    except asyncio.CancelledError as error:
        # only the end of the process cancels a request: its grace is over
        raise Unavailable("The scorer is stopping. Send the request again in a few seconds.") from error
    except ClientDisconnect:
        # nobody is left to be answered
        raise
    except Exception as error:
        status, message = _explained(error)
        counters.failed(status, message)
        if call is None or not call.trial:
            await scorer.count(endpoint.plan, status, (time.perf_counter() - started) * 1000)
        raise
    counters.answered(call.rows, (time.perf_counter() - started) * 1000)
    return call, answer


async def _call(request: Request, endpoint: Endpoint, read: Callable[..., Call]) -> Call:
    payload = await read_body(request)
    features = endpoint.plan.champion.features
    options = {} if read is read_invocation else {"json_bytes": _json_bytes(request)}
    if len(payload) < LARGE_BODY_BYTES:
        return read(payload, features, **options)
    return await asyncio.to_thread(read, payload, features, **options)


async def _model(request: Request) -> Response:
    return _json(metadata(_endpoint(request).plan))


async def _model_ready(request: Request) -> Response:
    return _json({"name": _endpoint(request).plan.endpoint, "ready": True})


async def _server(_: Request) -> Response:
    try:
        number = version("fullcircle")
    except PackageNotFoundError:
        number = "0"
    return _json({"name": "fullcircle", "version": number, "extensions": ["binary_tensor_data", "model_repository"]})


async def _ping(_: Request) -> Response:
    return Response(b"\n")


async def _live(_: Request) -> Response:
    return _json({"live": True})


async def _ready(request: Request) -> Response:
    if _scorer(request).endpoints.ready:
        return _json({"ready": True, "live": True})
    return _json({"ready": False, "live": True, "error": "The models are being loaded; ask again in a second."}, 503)


async def _health(request: Request) -> Response:
    endpoints = _scorer(request).endpoints
    return _json({"live": True, "ready": endpoints.ready, "problems": _problems(endpoints)})


async def _index(request: Request) -> Response:
    endpoints = _scorer(request).endpoints
    served = [
        {"name": name, "version": str(found.plan.champion.number), "state": "READY", "reason": ""}
        for name, found in endpoints.serving.items()
    ]
    broken = [
        {"name": name, "version": "", "state": "UNAVAILABLE", "reason": reason}
        for name, reason in endpoints.problems.items()
        if name not in endpoints.serving
    ]
    return _json(served + broken)


async def _status(request: Request) -> Response:
    scorer = _scorer(request)
    endpoints = scorer.endpoints
    return _json(
        {
            "started_at": scorer.started_at,
            "ready": endpoints.ready,
            "spool_depth": await asyncio.to_thread(scorer.spool.depth),
            "problems": _problems(endpoints),
            "endpoints": [
                _endpoint_status(found) | scorer.counters(name).figures() for name, found in endpoints.serving.items()
            ],
        }
    )


def _endpoint_status(endpoint: Endpoint) -> dict[str, Any]:
    plan = endpoint.plan
    return {
        "endpoint": plan.endpoint,
        "project_id": plan.project_id,
        "revision": plan.revision,
        "loaded_at": endpoint.loaded_at,
        "version": plan.champion.number,
        "version_id": plan.champion.version_id,
        "title": plan.champion.title,
        "contract": plan.contract.number if plan.contract else None,
        "sha256": plan.champion.sha256,
        "shadows": [
            {"version_id": s.version.version_id, "title": s.version.title, "error": s.error} for s in endpoint.shadows
        ],
    }


def _problems(endpoints: Endpoints) -> dict[str, str]:
    shadows = {name: " ".join(found.problems) for name, found in endpoints.serving.items() if found.problems}
    return {**shadows, **endpoints.problems}


def _scorer(request: Request) -> Scorer:
    return request.app.state.scorer


def _endpoint(request: Request) -> Endpoint:
    return _scorer(request).endpoints.find(request.path_params["model"], request.path_params.get("version"))


def _json_bytes(request: Request) -> int | None:
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise InvalidInput(f"The header {HEADER} is {text[:20]!r}; it is the length of the JSON in bytes.")
    return int(text)


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status_code=status, media_type="application/json")


async def _refuse(request: Request, error: Exception) -> Response:
    status, message = _explained(error)
    if status in (404, 405) and isinstance(error, HTTPException):
        message = f"There is nothing at {request.method} {request.url.path[:100]}; the protocol's paths begin with /v2."
    return _json({"error": message}, status)


def _explained(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        return error.status_code, str(error.detail)
    if isinstance(error, ClientDisconnect):
        return 400, "The connection ended before the body did; send the request again."
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return status, str(error)
    if isinstance(error, FullcircleError):
        return 500, str(error)
    return 500, "The scorer could not answer this request; its log has the details."

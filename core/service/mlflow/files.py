"""The bytes of files: sent and fetched through ``mlflow-artifacts``, one file a request, or a large one in parts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.errors import InvalidInput
from core.modelling.tracking.artifact import Place, checked_path, joined, place_of, place_of_uri
from core.modelling.tracking.registry import checked_version
from core.service.mlflow.artifacts import entry_json
from core.service.mlflow.credentials import credentials
from core.service.mlflow.exchange import Admit, check_origin, json_answer, json_body, query_of, told
from core.service.mlflow.failures import NoSuchEndpoint
from core.service.mlflow.fields import Fields, of_body
from core.workspace.workspace import Workspace

Act = Callable[[Workspace, Request], Awaitable[Response]]

_PREFIXES = ("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts")
_AJAX = ("/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_PIECE = 1 << 20
_MOST_DRAINED = 64 << 20
_HARMLESS = {
    ".txt": "text/plain; charset=utf-8",
    ".log": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""What a browser shows and never runs; everything else is sent as bytes."""


class _Writable(Protocol):
    def write(self, piece: bytes) -> None: ...


class _Attachment(FileResponse):
    chunk_size = _PIECE


async def download(workspace: Workspace, request: Request) -> Response:
    """Send a file."""
    return await _sent(workspace, place_of(request.path_params["path"]))


async def upload(workspace: Workspace, request: Request) -> Response:
    """Take a file. It is there, whole, when the answer is."""
    if request.url.query:  # a question mark in a name would cut it
        raise InvalidInput("An upload has no query. Send the name as the path, with '?' left out.")
    return await _taken(workspace, request, place_of(request.path_params["path"]))


async def delete(workspace: Workspace, request: Request) -> Response:
    """Delete a file, or a folder and all below it."""
    place = place_of(request.path_params["path"].removesuffix("/"))
    await to_thread.run_sync(workspace.files.delete, place)
    return json_answer({})


async def listed(workspace: Workspace, request: Request) -> Response:
    """Return what lies in a folder, by names alone."""
    place = place_of(query_of(request).needed("path").removesuffix("/"))
    found = await to_thread.run_sync(workspace.files.list, place)
    names = [{**entry_json(entry), "path": PurePosixPath(entry.path).name} for entry in found]
    return json_answer({"files": names} if names else {})


async def begin(workspace: Workspace, request: Request) -> Response:
    """Begin a file that comes in parts, and say where to send each."""
    fields = of_body(await json_body(request))
    said = fields.integer("num_parts")
    count = 1 if said is None else said
    upload_id = await to_thread.run_sync(workspace.files.begin_parts, _named(request, fields), count)
    # Parts are sent without the client's own headers: they get back those that said who it is.
    who = request.headers.get("authorization")
    headers = {"Authorization": who} if who else {}
    root = f"{str(request.base_url).rstrip('/')}{_PREFIXES[0]}/mpu/part/{upload_id}"
    parts = [{"url": f"{root}/{number}", "part_number": number, "headers": headers} for number in range(1, count + 1)]
    return json_answer({"upload_id": upload_id, "credentials": parts})


async def part(workspace: Workspace, request: Request) -> Response:
    """Take a part. It is on disk when the answer is given."""
    upload_id, number = request.path_params["upload_id"], request.path_params["number"]
    with await to_thread.run_sync(workspace.files.receive_part, upload_id, number) as arriving:
        await _poured(request, arriving)
        sha256 = await to_thread.run_sync(arriving.settle)
    return Response(headers={"ETag": f'"{sha256}"'})


async def complete(workspace: Workspace, request: Request) -> Response:
    """Join the parts to a file."""
    fields = of_body(await json_body(request))
    place, upload_id, hashes = _named(request, fields), fields.needed("upload_id"), _hashes(fields)
    await to_thread.run_sync(workspace.files.complete, place, upload_id, hashes)
    return json_answer({})


async def abort(workspace: Workspace, request: Request) -> Response:
    """Forget the parts."""
    fields = of_body(await json_body(request))
    await to_thread.run_sync(workspace.files.abort, _named(request, fields), fields.needed("upload_id"))
    return json_answer({})


async def of_run(workspace: Workspace, request: Request) -> Response:
    """Send a file of a run, as a page asks for it."""
    return await _sent(workspace, await _place_in_run(workspace, request))


async def to_run(workspace: Workspace, request: Request) -> Response:
    """Take a file of a run, as a page sends it."""
    return await _taken(workspace, request, await _place_in_run(workspace, request))


async def of_model(workspace: Workspace, request: Request) -> Response:
    """Send a file of a logged model, as a page asks for it."""
    model_id, path = request.path_params["model_id"], checked_path(query_of(request).needed("artifact_file_path"))
    return await _sent(workspace, await to_thread.run_sync(workspace.files.of_model, model_id, path))


async def of_version(workspace: Workspace, request: Request) -> Response:
    """Send a file of a version, as a page asks for it."""
    fields = query_of(request)
    name, version = fields.needed("name"), checked_version(fields.needed("version"))
    path = checked_path(fields.needed("path"))
    known = await to_thread.run_sync(workspace.registry.version, name, version)
    folder = place_of_uri(known.storage)
    return await _sent(workspace, replace(folder, path=joined(folder.path, path)))


async def nothing(_: Workspace, request: Request) -> Response:
    """Say that there is nothing at this address."""
    raise NoSuchEndpoint(f"Fullcircle has no {request.method} {request.url.path[:100]!r} in MLflow's protocol.")


def routes(admit: Admit) -> list[Route]:
    """Return the routes of files."""
    table: list[tuple[str, str, Act]] = [
        ("GET", "/get-artifact", of_run),
        ("GET", "/model-versions/get-artifact", of_version),
        *(("GET", f"{prefix}/get-artifact", of_run) for prefix in _AJAX),
        *(("POST", f"{prefix}/upload-artifact", to_run) for prefix in _AJAX),
        *(("GET", f"{prefix}/logged-models/{{model_id}}/artifacts/files", of_model) for prefix in _AJAX),
    ]
    for prefix in _PREFIXES:
        table += [
            ("GET", f"{prefix}/artifacts", listed),
            ("GET", f"{prefix}/artifacts/{{path:path}}", download),
            ("PUT", f"{prefix}/artifacts/{{path:path}}", upload),
            ("DELETE", f"{prefix}/artifacts/{{path:path}}", delete),
            ("POST", f"{prefix}/mpu/create/{{path:path}}", begin),
            ("PUT", f"{prefix}/mpu/part/{{upload_id}}/{{number:int}}", part),
            ("POST", f"{prefix}/mpu/complete/{{path:path}}", complete),
            ("POST", f"{prefix}/mpu/abort/{{path:path}}", abort),
        ]
    nowhere = [Route(f"{prefix}/{{path:path}}", _opened(admit, nothing), methods=_METHODS) for prefix in _PREFIXES]
    return [*(Route(path, _opened(admit, act), methods=[method]) for method, path, act in table), *nowhere]


def _opened(admit: Admit, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Return an act that is carried out for whoever may come in, and that tells its errors."""

    async def answer(request: Request) -> Response:
        try:
            check_origin(request)
            who = credentials(request.headers.get("authorization", ""))
            return await act(await to_thread.run_sync(admit, who), request)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - a client must always hear what happened
            await _drained(request)
            return told(error)

    return answer


async def _sent(workspace: Workspace, place: Place) -> Response:
    file, content = await to_thread.run_sync(workspace.files.find, place)
    name = PurePosixPath(file.path)
    return _Attachment(
        content,
        media_type=_HARMLESS.get(name.suffix.lower(), "application/octet-stream"),
        filename=name.name,
        content_disposition_type="attachment",
        # Said to be encoded, it is left alone by the compression of the pages, which takes eight times as long.
        headers={"X-Content-Type-Options": "nosniff", "Content-Encoding": "identity"},
    )


async def _taken(workspace: Workspace, request: Request, place: Place) -> Response:
    with await to_thread.run_sync(workspace.files.receive, place) as arriving:
        await _poured(request, arriving)
        await to_thread.run_sync(workspace.files.keep, place, arriving)
    return json_answer({})


async def _poured(request: Request, arriving: _Writable) -> None:
    waiting = bytearray()
    async for chunk in request.stream():
        waiting += chunk
        if len(waiting) >= _PIECE:
            await to_thread.run_sync(arriving.write, bytes(waiting))
            waiting.clear()
    await to_thread.run_sync(arriving.write, bytes(waiting))


async def _drained(request: Request) -> None:
    """Read what still comes, within limits: a client that is busy sending would not hear the answer."""
    left = _MOST_DRAINED
    try:
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                return
    except (ClientDisconnect, RuntimeError):  # it was read, or nobody is there
        return


async def _place_in_run(workspace: Workspace, request: Request) -> Place:
    fields = query_of(request)
    run_id, path = fields.needed("run_id", "run_uuid"), checked_path(fields.needed("path"))
    return await to_thread.run_sync(workspace.files.of_run, run_id, path)


def _named(request: Request, fields: Fields) -> Place:
    """Return the place of a file that comes in parts: a client says its folder, and where the file lies on its disk."""
    name = fields.needed("path").replace("\\", "/").rpartition("/")[2]
    return place_of(joined(request.path_params["path"].removesuffix("/"), name))


def _hashes(fields: Fields) -> list[str]:
    """Return what was acknowledged of each part, in their order."""
    said = {part.integer("part_number"): part.needed("etag").strip('"') for part in fields.messages("parts")}
    return [said.get(number, "") for number in range(1, len(said) + 1)]

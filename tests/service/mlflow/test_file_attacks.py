"""Attacks on MLflow's file routes, by class: a path is a name in a table, has one spelling, and belongs to a run."""

import asyncio
import os
import posixpath
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from core.errors import InvalidInput
from core.modelling.tracking.artifact import checked_path
from core.people.actor import Actor, Role
from core.service.mlflow.credentials import Credentials
from core.service.mlflow.failures import Unauthenticated
from core.service.mlflow.routes import routes
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.service.mlflow.conftest import Server

ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"
ODD = [
    "..",
    "../x",
    "a/../b",
    "a/..",
    "./a",
    "a/.",
    "a//b",
    "/etc/passwd",
    "//etc/passwd",
    "\\..\\x",
    "a\\b",
    "..\\..\\x",
    "C:\\x",
    "C:/x",
    "c:x",
    "%2e%2e/x",
    "%252e%252e%252fx",
    "a%2fb",
    "%00",
    "%5c..%5cx",
    "a;/../b",
    ";/../x",
    "a;b",
    "a#b",
    "a?b",
    "a%2e%step%0%timestamp%17%gabcdef0-0000-0000-0000-000000000000.png",
    "a%step%0%timestamp%17%gabcdef0-0000-0000-0000-000000000000.png/%2e%2e",
    "../a%step%0%timestamp%17%gabcdef0-0000-0000-0000-000000000000.png",
    "a%step%0%timestamp%17%2fabcdef-0000-0000-0000-000000000000.png",
    "a\x00b",
    "a\tb",
    "a\x85b\x00",
    "a\x7f",
    "file:///etc/passwd#/../x",
    "x" * 1_001,
    "x/" * 600,
]


@pytest.fixture(scope="module")
def run_id(server: Server) -> str:
    return server.post("runs/create", {}).json()["run"]["info"]["run_id"]


def refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer.text


def encoded(path: str) -> str:
    """Every byte as a code, so that no client in between tidies the path up."""
    return "".join(f"%{byte:02X}" for byte in path.encode())


@pytest.mark.parametrize("path", ODD)
def test_an_odd_path_is_refused_everywhere(server: Server, run_id: str, path: str) -> None:
    root, http = f"0/{run_id}/artifacts", server.http
    for method in ("GET", "PUT", "DELETE"):
        refused(http.request(method, f"{ARTIFACTS}/{root}/{encoded(path)}"))
        refused(http.request(method, f"{ARTIFACTS}/{encoded(path)}/{root}/a"))
    refused(http.get(ARTIFACTS, params={"path": f"{root}/{path}"}))
    refused(http.get("/api/2.0/mlflow/artifacts/list", params={"run_id": run_id, "path": path}))
    refused(http.get("/get-artifact", params={"run_id": run_id, "path": path}))
    refused(http.post("/ajax-api/2.0/mlflow/upload-artifact", params={"run_uuid": run_id, "path": path}, content=b"x"))
    for act in ("create", "complete", "abort"):
        content = {"path": "a", "num_parts": 1, "upload_id": "x", "parts": []}
        refused(http.post(f"/api/2.0/mlflow-artifacts/mpu/{act}/{root}/{encoded(path)}", json=content))
    assert server.get("artifacts/list", run_id=run_id).json()["files"] == []


@pytest.mark.parametrize("end", ["\x00", "..", ".", "", "a;b", "%2e%2e"])
def test_an_odd_name_of_a_file_in_parts_is_refused(server: Server, run_id: str, end: str) -> None:
    at = f"/api/2.0/mlflow-artifacts/mpu/create/0/{run_id}/artifacts"
    refused(server.http.post(at, json={"path": f"/home/me/{end}", "num_parts": 1}))


@pytest.mark.parametrize(
    "address", ["", "0", "a", "0/RUN", "0/RUN/a", "0/models/m-1", "artifacts", "1/2/3/artifacts/4"]
)
def test_a_file_belongs_to_a_run(server: Server, run_id: str, address: str) -> None:
    where = address.replace("RUN", run_id)
    refused(server.http.put(f"{ARTIFACTS}/{where}", content=b"x"))
    refused(server.http.get(ARTIFACTS, params={"path": where}))


@pytest.mark.parametrize(
    "address", ["0/unknown/artifacts/a", "1/RUN/artifacts/a", "00/RUN/artifacts/a", "0/models/m-1/artifacts/a"]
)
def test_an_unknown_owner_has_no_files(server: Server, run_id: str, address: str) -> None:
    where = f"{ARTIFACTS}/{address.replace('RUN', run_id)}"
    for answer in (server.http.put(where, content=b"x"), server.http.get(where), server.http.delete(where)):
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_refusal_is_heard_by_a_client_that_is_busy_sending(server: Server) -> None:
    answer = server.http.put(f"{ARTIFACTS}/0/unknown/artifacts/a", content=os.urandom(20_000_000))
    assert answer.status_code == 404


def test_a_page_of_another_site_gets_and_sends_nothing(server: Server, run_id: str) -> None:
    at = f"{ARTIFACTS}/0/{run_id}/artifacts/stolen"
    for method in ("GET", "PUT", "DELETE"):
        answer = server.http.request(method, at, headers={"origin": "https://elsewhere.example"})
        assert (answer.status_code, answer.json()["error_code"]) == (403, "PERMISSION_DENIED")


def test_an_unknown_address_is_told_in_the_protocols_shape(server: Server) -> None:
    for method, path in (
        ("GET", "presigned/0/x/artifacts/a"),
        ("POST", "artifacts/a"),
        ("PATCH", ""),
        ("PUT", "mpu/x"),
    ):
        answer = server.http.request(method, f"/api/2.0/mlflow-artifacts/{path}")
        assert (answer.status_code, answer.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND"), path


def test_every_route_refuses_whom_the_door_refuses() -> None:
    def nobody(_: Credentials | None) -> Workspace:
        raise Unauthenticated("Say who you are.")

    table = [route for route in routes(nobody) if route.path not in {"/version", "/health"}]
    answers = asyncio.run(_asked(table))
    assert len(answers) > 20
    assert set(answers.values()) == {401}, answers


async def _asked(table: list[Route]) -> dict[tuple[str, str], int]:
    """Return the status that every route gives to each of its methods."""
    answers: dict[tuple[str, str], int] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=table)), base_url="http://x") as client:
        for route in table:
            path = route.path.replace("{path:path}", "artifacts/list").replace("{upload_id}", "x").replace(":int", "")
            known = {"GET"} if path.endswith("mlflow/artifacts/list") else (route.methods or set()) - {"HEAD"}
            for method in known:
                answers[method, path] = (await client.request(method, path.replace("{number}", "1"))).status_code
    return answers


def test_who_may_only_read_sends_deletes_and_registers_nothing(tmp_path: Path) -> None:
    here = Settings(home=tmp_path, database_url=None)
    server = Server(here)
    run_id = server.post("runs/create", {}).json()["run"]["info"]["run_id"]
    root, about = f"0/{run_id}/artifacts", {"path": "b", "num_parts": 1}
    parts = "/api/2.0/mlflow-artifacts/mpu"
    server.http.put(f"{ARTIFACTS}/{root}/a", content=b"x")
    upload_id = server.http.post(f"{parts}/create/{root}", json=about).json()["upload_id"]
    server.workspace.close()
    server.workspace = Workspace.open(here, Actor(id="a", name="A", role=Role.VIEWER))
    try:
        for answer in (
            server.http.put(f"{ARTIFACTS}/{root}/a", content=b"y"),
            server.http.delete(f"{ARTIFACTS}/{root}/a"),
            server.http.post(f"{parts}/create/{root}", json=about),
            server.http.put(f"{parts}/part/{upload_id}/1", content=b"y"),
            server.http.post(f"{parts}/complete/{root}", json={**about, "upload_id": upload_id, "parts": []}),
            server.http.post(f"{parts}/abort/{root}", json={**about, "upload_id": upload_id}),
            server.post("logged-models", {"experiment_id": "0"}),
            server.post("registered-models/create", {"name": "m"}),
            server.post("model-versions/create", {"name": "m", "source": f"runs:/{run_id}/a"}),
        ):
            assert (answer.status_code, answer.json()["error_code"]) == (403, "PERMISSION_DENIED"), answer.url
        assert server.http.get(f"{ARTIFACTS}/{root}/a").content == b"x"
    finally:
        server.close()


def test_parts_are_sent_with_what_the_client_said_of_itself(server: Server, run_id: str) -> None:
    at = f"/api/2.0/mlflow-artifacts/mpu/create/0/{run_id}/artifacts"
    said = {"authorization": "Bearer secret"}
    (mine,) = server.http.post(at, json={"path": "a"}, headers=said).json()["credentials"]
    (bare,) = server.http.post(at, json={"path": "a"}).json()["credentials"]
    assert (mine["headers"], bare["headers"]) == ({"Authorization": "Bearer secret"}, {})
    assert mine["url"].startswith(f"{server.address}/api/2.0/mlflow-artifacts/mpu/part/")


def test_a_damaged_file_is_told_and_not_sent(server: Server, run_id: str) -> None:
    at, content = f"{ARTIFACTS}/0/{run_id}/artifacts/damaged", os.urandom(100)
    server.http.put(at, content=content)
    name = sha256(content).hexdigest()
    stored = server.workspace.settings.artifacts / name[:2] / name
    stored.write_bytes(b"other")
    answer = server.http.get(at)
    assert (answer.status_code, answer.json()["error_code"]) == (500, "DATA_LOSS")
    stored.unlink()
    assert server.workspace.thread.missing_files() == [name]
    server.http.delete(at)
    assert server.workspace.thread.missing_files() == []


@settings(max_examples=2_000, deadline=None)
@given(st.text(st.sampled_from("ab./\\%2eEfF;:#?~\x00\n \uff0e5cC"), max_size=24) | st.text(max_size=24))
def test_a_path_that_is_taken_stays_below_its_folder(text: str) -> None:
    try:
        path = checked_path(text)
    except InvalidInput:
        return
    assert path == text == unquote(path)
    for system in (PurePosixPath, PureWindowsPath):
        below = system("/root") / path
        assert not system(path).is_absolute()
        assert ".." not in below.parts
        assert below.is_relative_to("/root")
    assert posixpath.normpath(path) == path

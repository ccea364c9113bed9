"""What MLflow's client never sends, and what others might: always an answer in MLflow's own shape, never a 500."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from core.errors import FullcircleError
from core.service.mlflow import experiments, metrics, runs, writing
from core.service.mlflow.credentials import Credentials
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.failures import Unauthenticated
from core.service.mlflow.fields import Fields
from core.service.mlflow.routes import TABLE
from core.workspace.workspace import Workspace
from tests.service.mlflow.conftest import Server

ENDPOINTS = (*writing.ENDPOINTS, *runs.ENDPOINTS, *metrics.ENDPOINTS, *experiments.ENDPOINTS)
ODD = (None, True, 0, -1, 2**63, 1.5, "", "x", "\x00", "../../etc/passwd", "x" * 100_000, [], [1], {}, {"a": {}}, [[]])


def told(answer: httpx.Response, status: int, code: str) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    body = answer.json()
    assert body["error_code"] == code
    return body["message"]


def made_run(server: Server) -> str:
    return server.post("runs/create", {}).json()["run"]["info"]["run_id"]


@pytest.mark.parametrize(
    "prefix", ["/api/2.0/mlflow", "/api/3.0/mlflow", "/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow"]
)
def test_every_prefix_answers(server: Server, prefix: str) -> None:
    answer = server.http.get(f"{prefix}/experiments/get", params={"experiment_id": "0"})
    assert answer.json()["experiment"]["name"] == "Default"


def test_an_unknown_address_is_told_in_the_protocols_shape(server: Server) -> None:
    for method, path in (("GET", "runs/fly"), ("POST", "experiments/get"), ("DELETE", ""), ("PATCH", "a/b/c")):
        answer = server.http.request(method, f"/api/2.0/mlflow/{path}")
        told(answer, 404, "ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'"x"', b"\xff", b'{"run_id": "\\ud800"}', b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(server: Server, body: bytes) -> None:
    answer = server.http.post(
        "/api/2.0/mlflow/runs/log-batch", content=body, headers={"content-type": "application/json"}
    )
    told(answer, 400, "INVALID_PARAMETER_VALUE")


def test_a_form_of_another_site_is_refused(server: Server) -> None:
    body = json.dumps({"name": "stolen"}).encode()
    answer = server.http.post(
        "/api/2.0/mlflow/experiments/create", content=body, headers={"content-type": "text/plain"}
    )
    told(answer, 400, "INVALID_PARAMETER_VALUE")
    answer = server.http.post(
        "/api/2.0/mlflow/experiments/create", json={"name": "stolen"}, headers={"origin": "https://elsewhere.example"}
    )
    told(answer, 403, "PERMISSION_DENIED")
    told(server.get("experiments/get-by-name", experiment_name="stolen"), 404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("authorization", ["Bearer", "Basic !", "Basic YWJj", "Digest x", "x" * 2000])
def test_credentials_that_cannot_be_read_are_refused(server: Server, authorization: str) -> None:
    answer = server.http.get("/api/2.0/mlflow/experiments/search", headers={"authorization": authorization})
    told(answer, 401, "UNAUTHENTICATED")


class Noting(Fields):
    """Fields that note which of them a handler asks for."""

    asked: set[str]

    def _value(self, name: str) -> Any:
        self.asked.add(name)
        return super()._value(name)


def asked(server: Server, endpoint: Endpoint, content: dict[str, Any]) -> set[str]:
    noting = Noting(content)
    noting.asked = set()
    with contextlib.suppress(FullcircleError):
        endpoint.handler(server.workspace, noting)
    return noting.asked


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_no_field_of_any_kind_is_a_500(server: Server, endpoint: Endpoint) -> None:
    run_id = made_run(server)
    made = server.post("experiments/create", {"name": f"of {endpoint.path} by {endpoint.method}"}).json()
    good = {
        "run_id": run_id,
        "experiment_id": made["experiment_id"],
        "key": "k",
        "metric_key": "k",
        "value": 1,
        "timestamp": 1,
    }
    names = asked(server, endpoint, good)
    assert names
    for name in sorted(names):
        for odd in ODD:
            if endpoint.method == "GET":
                query = {key: str(value) for key, value in {**good, name: odd}.items() if len(str(value)) < 50_000}
                answer = server.get(endpoint.path, **query)
            else:
                answer = server.post(endpoint.path, {**good, name: odd})
            assert answer.status_code in {200, 400, 404}, (endpoint.path, name, odd, answer.text)
            assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("name", ["metrics", "params", "tags"])
@pytest.mark.parametrize("part", ["key", "value", "timestamp", "step", "model_id"])
def test_no_part_of_an_entry_is_a_500(server: Server, name: str, part: str) -> None:
    run_id = made_run(server)
    good = {"key": "k", "value": 1 if name == "metrics" else "1", "timestamp": 1}
    for odd in ODD:
        answer = server.post("runs/log-batch", {"run_id": run_id, name: [{**good, part: odd}]})
        assert answer.status_code in {200, 400}, (name, part, odd, answer.text)


def test_numbers_may_be_text_and_names_camel(server: Server) -> None:
    run_id = made_run(server)
    for value in ("0.5", 0.5, "5e-1"):
        content = {"runId": run_id, "key": "m", "value": value, "timestamp": "12", "step": "3", "unknown": {}}
        assert server.post("runs/log-metric", content).json() == {}
    (point,) = server.get("metrics/get-history", run_id=run_id, metric_key="m").json()["metrics"]
    assert point == {"key": "m", "value": 0.5, "timestamp": 12, "step": 3}
    both = {"run_id": run_id, "runId": run_id, "key": "a", "value": "b"}
    told(server.post("runs/set-tag", both), 400, "INVALID_PARAMETER_VALUE")
    assert server.post("runs/update", {"run_id": run_id, "status": 3}).json()["run_info"]["status"] == "FINISHED"


def test_a_number_that_is_none_is_read_as_python_writes_it(server: Server) -> None:
    run_id = made_run(server)
    body = json.dumps({"run_id": run_id, "key": "m", "value": float("nan"), "timestamp": 1}).encode()
    answer = server.http.post(
        "/api/2.0/mlflow/runs/log-metric", content=body, headers={"content-type": "application/json"}
    )
    assert answer.json() == {}
    read = server.get("runs/get", run_id=run_id).json()["run"]
    assert read["data"]["metrics"][0]["value"] == "NaN"


@pytest.mark.parametrize(
    "content",
    [
        {"metrics": [{"key": f"m{n}", "value": 1, "timestamp": 1} for n in range(1001)]},
        {"params": [{"key": f"p{n}", "value": "1"} for n in range(101)]},
        {"tags": [{"key": f"t{n}", "value": "1"} for n in range(101)]},
        {
            "metrics": [{"key": f"m{n}", "value": 1, "timestamp": 1} for n in range(950)],
            "params": [{"key": f"p{n}", "value": "1"} for n in range(60)],
        },
        {"params": [{"key": "p", "value": "1"}, {"key": "p", "value": "1"}]},
        {"metrics": [{"key": "m", "timestamp": 1}]},
        {"metrics": [{"key": "m", "value": 1}]},
        {"metrics": [{"key": "m", "value": 1, "timestamp": -1}]},
        {"metrics": [{"key": "", "value": 1, "timestamp": 1}]},
        {"metrics": [{"key": "a//b", "value": 1, "timestamp": 1}]},
        {"metrics": [{"key": "../m", "value": 1, "timestamp": 1}]},
        {"params": [{"key": "a;b", "value": "1"}]},
        {"tags": [{"key": "x" * 251, "value": "1"}]},
        {"metrics": [{"key": "good", "value": 1, "timestamp": 1}], "tags": [{"key": "a\nb", "value": "1"}]},
    ],
)
def test_a_batch_is_refused_whole(server: Server, content: dict[str, object]) -> None:
    run_id = made_run(server)
    told(server.post("runs/log-batch", {"run_id": run_id, **content}), 400, "INVALID_PARAMETER_VALUE")
    data = server.get("runs/get", run_id=run_id).json()["run"]["data"]
    assert (data["metrics"], data["params"], len(data["tags"])) == ([], [], 1)


def test_a_damaged_history_of_models_is_no_500(server: Server) -> None:
    run_id = made_run(server)
    server.post("runs/set-tag", {"run_id": run_id, "key": "mlflow.log-model.history", "value": "no json"})
    model = {"artifact_path": "m", "flavors": {}, "utc_time_created": "now", "run_id": run_id}
    answer = server.post("runs/log-model", {"run_id": run_id, "model_json": json.dumps(model)})
    assert answer.status_code == 200
    tags = {tag["key"]: tag["value"] for tag in server.get("runs/get", run_id=run_id).json()["run"]["data"]["tags"]}
    assert json.loads(tags["mlflow.log-model.history"]) == [model]


@pytest.mark.parametrize("place", ["file:///etc", "/etc", "s3://bucket/x", "http://x/../..", "..\\..", "#", "?"])
def test_no_place_of_files_is_taken_from_a_client(server: Server, place: str) -> None:
    answer = server.post("experiments/create", {"name": "x", "artifact_location": place})
    told(answer, 400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    "sent", ["../x", "..%2fx", "%252e%252e%252fx", "a;/../b", "C:\\x", "file:x", "x#y", "\\..\\", "‥/x", "0 OR 1=1"]
)
def test_an_id_is_looked_up_and_never_a_path(server: Server, sent: str) -> None:
    told(server.get("runs/get", run_id=sent), 404, "RESOURCE_DOES_NOT_EXIST")
    told(server.get("experiments/get", experiment_id=sent), 400, "INVALID_PARAMETER_VALUE")
    told(server.post("runs/delete", {"run_id": sent}), 404, "RESOURCE_DOES_NOT_EXIST")


def test_every_endpoint_is_in_the_table() -> None:
    for endpoint in ENDPOINTS:
        assert TABLE.find(endpoint.method, endpoint.path)[0] is endpoint.handler


def test_the_version_that_is_spoken_is_told(server: Server) -> None:
    from mlflow.version import VERSION

    assert server.http.get("/version").text == VERSION
    assert server.http.get("/health").text == "OK"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_the_anonymous_is_refused_where_there_are_accounts(
    server: Server, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def admit(who: Credentials | None) -> Workspace:
        if who != Credentials(token="known"):
            raise Unauthenticated("Say who you are: set MLFLOW_TRACKING_TOKEN.")
        return server.workspace

    monkeypatch.setattr(server, "admit", admit)
    address = f"/api/2.0/mlflow/{endpoint.path}"
    for headers in ({}, {"authorization": "Bearer stolen"}, {"authorization": "Basic YTpi"}):
        told(server.http.request(endpoint.method, address, headers=headers), 401, "UNAUTHENTICATED")
    answer = server.http.request(endpoint.method, address, headers={"authorization": "Bearer known"})
    assert answer.status_code in {200, 400}


def test_many_writers_lose_nothing(either_server: Server) -> None:
    run_id = made_run(either_server)

    def log(writer: int) -> None:
        for step in range(15):
            points = [{"key": f"m{writer % 2}", "value": writer, "timestamp": 1, "step": step * 10 + writer}]
            params = [{"key": f"p{writer}.{step}", "value": "1"}]
            content = {"run_id": run_id, "metrics": points, "params": params, "tags": [{"key": "t", "value": "1"}]}
            assert either_server.post("runs/log-batch", content).json() == {}

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(log, range(8)))
    run = either_server.get("runs/get", run_id=run_id).json()["run"]
    assert len(run["data"]["params"]) == 8 * 15
    assert {m["key"]: m["step"] for m in run["data"]["metrics"]} == {"m0": 146, "m1": 147}
    for key in ("m0", "m1"):
        assert len(either_server.get("metrics/get-history", run_id=run_id, metric_key=key).json()["metrics"]) == 60

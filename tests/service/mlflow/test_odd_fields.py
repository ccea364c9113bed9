"""Whatever stands in a field of a request about models, versions or files: an answer in MLflow's shape, never a 500."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from core.service.mlflow import artifacts, models, registry
from core.service.mlflow.endpoints import Endpoint
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_protocol import ODD, asked

ENDPOINTS = (*artifacts.ENDPOINTS, *models.ENDPOINTS, *registry.ENDPOINTS)
NAMED = ("model_id", "tag_key")
ENTRIES = ("tags", "params", "order_by", "datasets", "experiment_ids", "stages")


@pytest.fixture
def good(server: Server) -> dict[str, Any]:
    """Fields that every endpoint understands."""
    run_id = server.post("runs/create", {}).json()["run"]["info"]["run_id"]
    model_id = server.post("logged-models", {"experiment_id": "0"}).json()["model"]["info"]["model_id"]
    server.post("registered-models/create", {"name": "flights"})
    server.post("model-versions/create", {"name": "flights", "source": f"runs:/{run_id}/m"})
    return {
        "run_id": run_id,
        "experiment_id": "0",
        "model_id": model_id,
        "tag_key": "a",
        "name": "flights",
        "version": "1",
        "alias": "champion",
        "key": "a",
        "value": "b",
        "stage": "Staging",
        "source": f"runs:/{run_id}/m",
        "experiment_ids": ["0"],
    }


def sent(server: Server, endpoint: Endpoint, fields: dict[str, Any]) -> httpx.Response:
    """Send fields to an endpoint, in its address where that names them."""
    path = endpoint.path.replace(":path", "")
    for name in NAMED:
        path = path.replace(f"{{{name}}}", quote(str(fields[name])[:500], safe=""))
    address = f"/api/2.0/mlflow/{path}"
    if endpoint.method == "GET":
        query = {name: str(value) for name, value in fields.items() if len(str(value)) < 50_000}
        return server.http.get(address, params=query)
    return server.http.request(endpoint.method, address, json=fields)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_no_field_of_any_kind_is_a_500(server: Server, good: dict[str, Any], endpoint: Endpoint) -> None:
    for name in sorted(asked(server, endpoint, good)):
        for odd in ODD:
            answer = sent(server, endpoint, {**good, name: odd})
            assert answer.status_code in {200, 400, 404}, (endpoint.path, name, odd, answer.text)
            assert isinstance(answer.json(), dict)
            assert answer.status_code == 200 or answer.json()["error_code"]


@pytest.mark.parametrize("path", ["logged-models", "logged-models/search", "registered-models/create"])
@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_of_any_kind_is_a_500(server: Server, path: str, entry: str) -> None:
    parts = ("key", "value", "field_name", "ascending", "dataset_name", "dataset_digest")
    plain = {"key": "k", "value": "v", "field_name": "name", "dataset_name": "d"}
    for number, odd in enumerate(ODD):
        content = {"name": f"n{number}", "experiment_id": "0", "experiment_ids": ["0"]}
        for value in (odd, [odd], *([{**plain, part: odd}] for part in parts)):
            answer = server.post(path, {**content, entry: value})
            assert answer.status_code in {200, 400, 404}, (path, entry, value, answer.text)


def test_an_address_with_several_names_of_one_thing_counts_the_path(server: Server, good: dict[str, Any]) -> None:
    other = server.post("logged-models", {"experiment_id": "0"}).json()["model"]["info"]["model_id"]
    at = f"/api/2.0/mlflow/logged-models/{good['model_id']}"
    answer = server.http.request("DELETE", at, json={"model_id": other})
    assert answer.json() == {}
    assert server.get(f"logged-models/{other}").status_code == 200
    assert server.get(f"logged-models/{good['model_id']}").status_code == 404

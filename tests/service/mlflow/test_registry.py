"""Registered models, versions, tags, aliases and stages through MLflow's own client, and the sources it may name."""

from collections.abc import Iterator

import pytest
from mlflow import MlflowClient, MlflowException

from tests.service.mlflow.conftest import Server

pytestmark = pytest.mark.filterwarnings("ignore:.*noload.*", "ignore:.*stages.*:FutureWarning", "ignore:.*stage.*")
RUN = "a" * 32


@pytest.fixture
def run_id(client: MlflowClient) -> str:
    return client.create_run("0").info.run_id


@pytest.fixture
def model(client: MlflowClient, run_id: str) -> Iterator[str]:
    """A registered model with three versions."""
    client.create_registered_model("flights", {"team": "ops"}, "late or not")
    for path in ("a", "b", "c"):
        client.create_model_version("flights", f"runs:/{run_id}/{path}", run_id)
    yield "flights"
    for known in client.search_registered_models("name LIKE 'f%'"):
        client.delete_registered_model(known.name)


def refused(code: str, act: object, *arguments: object) -> None:
    with pytest.raises(MlflowException) as caught:
        act(*arguments)  # pyright: ignore[reportCallIssue]
    assert caught.value.error_code == code


def test_a_model_is_registered_described_renamed_and_deleted(client: MlflowClient, model: str) -> None:
    found = client.get_registered_model(model)
    assert (found.name, found.description, found.tags) == ("flights", "late or not", {"team": "ops"})
    assert [version.version for version in found.latest_versions] == ["3"]
    refused("RESOURCE_ALREADY_EXISTS", client.create_registered_model, model)
    assert client.update_registered_model(model, "better").description == "better"
    client.set_registered_model_tag(model, "team", "data")
    client.set_registered_model_tag(model, "x", "y")
    client.delete_registered_model_tag(model, "x")
    client.rename_registered_model(model, "fares")
    assert client.get_registered_model("fares").tags == {"team": "data"}
    assert client.get_model_version("fares", "2").name == "fares"
    refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, model)
    client.create_registered_model("first")
    refused("RESOURCE_ALREADY_EXISTS", client.rename_registered_model, "fares", "first")
    client.delete_registered_model("fares")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, "fares", "1")


def test_a_version_is_found_described_tagged_and_deleted(client: MlflowClient, model: str, run_id: str) -> None:
    version = client.get_model_version(model, "2")
    assert (version.source, version.run_id, version.status) == (f"runs:/{run_id}/b", run_id, "READY")
    assert client.get_model_version_download_uri(model, "2") == f"mlflow-artifacts:/0/{run_id}/artifacts/b"
    assert client.update_model_version(model, "2", "best").description == "best"
    client.set_model_version_tag(model, "2", "a", "1")
    client.set_model_version_tag(model, "2", "b", "2")
    client.delete_model_version_tag(model, "2", "a")
    assert client.get_model_version(model, "2").tags == {"b": "2"}
    client.delete_model_version(model, "3")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, model, "3")
    assert client.create_model_version(model, f"runs:/{run_id}/d").version == "4"  # 3 is not given again
    refused("INVALID_PARAMETER_VALUE", client.get_model_version, model, "two")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, "unknown", "1")


def test_aliases_stand_for_versions(client: MlflowClient, model: str) -> None:
    client.set_registered_model_alias(model, "champion", "1")
    client.set_registered_model_alias(model, "champion", "2")
    client.set_registered_model_alias(model, "other", "2")
    assert client.get_model_version_by_alias(model, "champion").version == "2"
    assert client.get_model_version(model, "2").aliases == ["champion", "other"]
    assert client.get_registered_model(model).aliases == {"champion": "2", "other": "2"}
    client.delete_registered_model_alias(model, "other")
    client.delete_registered_model_alias(model, "other")
    client.delete_model_version(model, "2")
    for gone in ("other", "champion"):  # MLflow's server tells a missing alias by this code, a missing model by another
        refused("INVALID_PARAMETER_VALUE", client.get_model_version_by_alias, model, gone)
        refused("INVALID_PARAMETER_VALUE", client.create_model_version, model, f"models:/{model}@{gone}")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version_by_alias, "unknown", "champion")
    refused("RESOURCE_DOES_NOT_EXIST", client.set_registered_model_alias, model, "x", "2")


@pytest.mark.parametrize("alias", ["latest", "LATEST", "v1", "V22", "a b", "a/b", "é@", "x" * 256])
def test_an_alias_that_reads_as_something_else_is_refused(server: Server, alias: str) -> None:
    server.post("registered-models/create", {"name": "m"})
    answer = server.post("registered-models/alias", {"name": "m", "alias": alias, "version": "1"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_stages_still_work(client: MlflowClient, model: str) -> None:
    client.transition_model_version_stage(model, "1", "production")
    client.transition_model_version_stage(model, "2", "Production", archive_existing_versions=True)
    stages = {version.version: version.current_stage for version in client.get_latest_versions(model)}
    assert stages == {"1": "Archived", "2": "Production", "3": "None"}
    assert [version.version for version in client.get_latest_versions(model, ["Production"])] == ["2"]
    refused("INVALID_PARAMETER_VALUE", client.transition_model_version_stage, model, "1", "Limbo")
    refused("INVALID_PARAMETER_VALUE", client.transition_model_version_stage, model, "1", "Archived", True)


def test_models_and_versions_are_searched(client: MlflowClient, model: str, run_id: str) -> None:
    for n in range(3):
        client.create_registered_model(f"f{n}", {"n": str(n)})
    client.set_model_version_tag(model, "2", "best", "yes")

    def models(wanted: str = "", order: tuple[str, ...] = ()) -> list[str]:
        return [m.name for m in client.search_registered_models(wanted, order_by=list(order) or None)]

    def versions(wanted: str, order: tuple[str, ...] = ()) -> list[str]:
        return [v.version for v in client.search_model_versions(wanted, order_by=list(order) or None)]

    assert models() == ["f0", "f1", "f2", "flights"]
    assert models("name = 'f1'") == ["f1"]
    assert models("name ILIKE 'F%' AND tags.n != '1'", ("name DESC",)) == ["f2", "f0"]
    assert models("tags.`mlflow.prompt.is_prompt` = 'true'") == []
    assert versions("name = 'flights'", ("version_number ASC",)) == ["1", "2", "3"]
    assert versions(f"run_id = '{run_id}' AND tags.best = 'yes'") == ["2"]
    assert versions(f"run_id IN ('{run_id}', 'x')", ("name ASC", "version_number DESC")) == ["3", "2", "1"]
    assert versions(f"source_path = 'runs:/{run_id}/c'") == ["3"]
    assert versions("name = 'flights' AND version_number = '3'") == ["3"]  # the client gives a version as text
    refused("INVALID_PARAMETER_VALUE", client.search_registered_models, "run_id = 'x'")
    refused("INVALID_PARAMETER_VALUE", client.search_model_versions, "name ~ 'x'")
    first = client.search_model_versions("name = 'flights'", max_results=2, order_by=["version_number ASC"])
    rest = client.search_model_versions("name = 'flights'", 2, ["version_number ASC"], first.token)
    assert [v.version for v in first + rest] == ["1", "2", "3"]


def test_a_version_comes_from_a_logged_model_or_another_version(
    either_server: Server, client: MlflowClient, model: str, run_id: str
) -> None:
    def origin(version: str) -> tuple[str, str]:  # the client leaves model_id out
        told = either_server.get("model-versions/get", name=model, version=version).json()["model_version"]
        return told["run_id"], told["model_id"]

    logged = client.create_logged_model("0", "clf", run_id)
    made = client.create_model_version(model, f"models:/{logged.model_id}", model_id=logged.model_id)
    assert origin(made.version) == (run_id, logged.model_id)
    assert client.get_model_version_download_uri(model, made.version) == logged.artifact_location
    assert made.name in client.get_logged_model(logged.model_id).tags["mlflow.modelVersions"]
    client.set_registered_model_alias(model, "champion", made.version)
    for source in (f"models:/{model}/{made.version}", f"models:/{model}@champion", logged.artifact_location):
        copied = client.create_model_version(model, source)
        assert origin(copied.version) == (run_id, logged.model_id), source
        assert client.get_model_version_download_uri(model, copied.version) == logged.artifact_location
    copy = client.copy_model_version(f"models:/{model}/1", "f-copy")
    assert (copy.version, copy.run_id) == ("1", run_id)


SOURCES = [
    "/etc/passwd",
    "etc/passwd",
    ".",
    "",
    "file:///etc/passwd",
    "file:/etc",
    "FILE:///etc",
    "file://localhost/etc",
    "://etc",
    ":///etc",
    "C:\\Windows",
    "\\\\host\\share",
    "s3://bucket/x",
    "gs://bucket/x",
    "dbfs:/x",
    "hdfs://x/y",
    "ftp://x/y",
    "sftp://x/y",
    "http://127.0.0.1/api/2.0/mlflow-artifacts/artifacts/0/RUN/artifacts",
    "https://elsewhere.example/x",
    "http://169.254.169.254/latest/meta-data",
    "data:text/plain,x",
    "mlflow-artifacts:",
    "mlflow-artifacts:/",
    "mlflow-artifacts://elsewhere.example/0/RUN/artifacts/m",
    "mlflow-artifacts://127.0.0.1:80/0/RUN/artifacts/m",
    "mlflow-artifacts:///0/RUN/artifacts/m",
    "mlflow-artifacts:0/RUN/artifacts/m",
    "mlflow-artifacts:/0",
    "mlflow-artifacts:/0/RUN",
    "mlflow-artifacts:/0/RUN/artifacts/../../x",
    "mlflow-artifacts:/0/RUN/artifacts/..%2f..%2fx",
    "mlflow-artifacts:/0/RUN/artifacts/%252e%252e/x",
    "mlflow-artifacts:/0/RUN/artifacts/a#/../x",
    "mlflow-artifacts:/0/RUN/artifacts/a?x",
    "mlflow-artifacts:/0/RUN/artifacts/;/../x",
    "mlflow-artifacts:/0/RUN/artifacts/\\..\\x",
    "runs:/RUN/../x",
    "runs:/RUN//x",
    "runs:/RUN/%2e%2e/x",
    "runs:/../x",
    "runs://RUN/m",
    "runs://profile@databricks/RUN/m",
    "runs:/RUN#m",
    "models:/m-1/../x",
    "models://elsewhere/m/1",
    "models:/flights",
    "models:/flights/Production",
    "models:/../1",
    "models:/a%2fb/1",
    "RUNS:/RUN/m",
    " runs:/RUN/m",
    "runs:/RUN/m\x00",
    "$(id)",
    "; id",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_version_comes_from_nowhere_else(server: Server, source: str) -> None:
    run_id = server.post("runs/create", {}).json()["run"]["info"]["run_id"]
    server.post("registered-models/create", {"name": "flights"})
    for more in ({}, {"run_id": run_id}, {"tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}):
        content = {"name": "flights", "source": source.replace("RUN", run_id), **more}
        answer = server.post("model-versions/create", content)
        assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer.text
    assert server.get("model-versions/search", filter="name = 'flights'").json() == {"model_versions": []}


@pytest.mark.parametrize(
    "source",
    [
        f"runs:/{RUN}/m",
        f"models:/m-{RUN}",
        f"mlflow-artifacts:/0/{RUN}/artifacts/m",
        f"mlflow-artifacts:/0/models/m-{RUN}/artifacts",
        "mlflow-artifacts:/1/OWN/artifacts/m",
        "models:/unknown/1",
        "models:/flights/7",
    ],
)
def test_what_is_unknown_here_is_no_source(server: Server, source: str) -> None:
    run_id = server.post("runs/create", {}).json()["run"]["info"]["run_id"]
    server.post("registered-models/create", {"name": "flights"})
    answer = server.post("model-versions/create", {"name": "flights", "source": source.replace("OWN", run_id)})
    assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST"), answer.text


def test_a_source_belongs_to_the_run_and_model_that_are_named(client: MlflowClient, model: str, run_id: str) -> None:
    other = client.create_run("0").info.run_id
    logged = client.create_logged_model("0", "clf", run_id).model_id
    for arguments in (
        {"source": f"runs:/{run_id}/m", "run_id": other},
        {"source": f"mlflow-artifacts:/0/{run_id}/artifacts/m", "run_id": other},
        {"source": f"models:/{logged}", "run_id": other},
        {"source": f"runs:/{run_id}/m", "model_id": logged},
        {"source": f"models:/{model}/1", "run_id": other},
    ):
        with pytest.raises(MlflowException, match="another run or model"):
            client.create_model_version(model, **arguments)


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", "a/b", "a:b", "../a", "a\\b", "a%2fb", "%2e%2e", "a\nb", "x" * 257]
)
def test_a_name_has_one_spelling(server: Server, name: str) -> None:
    server.post("registered-models/create", {"name": "one"})
    for path, content in (
        ("registered-models/create", {"name": name}),
        ("registered-models/rename", {"name": "one", "new_name": name}),
    ):
        answer = server.post(path, content)
        assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_page_fetches_a_file_of_a_version(server: Server) -> None:
    http, run_id = server.http, server.post("runs/create", {}).json()["run"]["info"]["run_id"]
    http.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/m/MLmodel", content=b"flavors: {}")
    http.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/secret", content=b"x")
    server.post("registered-models/create", {"name": "fetched"})
    server.post("model-versions/create", {"name": "fetched", "source": f"runs:/{run_id}/m"})
    at, query = "/model-versions/get-artifact", {"name": "fetched", "version": "1"}
    answer = http.get(at, params={**query, "path": "MLmodel"})
    assert (answer.content, answer.headers["content-type"]) == (b"flavors: {}", "application/octet-stream")
    assert http.get(at, params={**query, "path": "../secret"}).status_code == 400
    assert http.get(at, params={**query, "path": "secret"}).status_code == 404

"""Logged models through MLflow's own client."""

from pathlib import Path

import pytest
from mlflow import MlflowClient, MlflowException
from mlflow.entities import LoggedModelOutput, Metric
from mlflow.entities.logged_model_status import LoggedModelStatus

from tests.service.mlflow.conftest import Server

pytestmark = pytest.mark.filterwarnings("ignore:.*noload.*")  # MLflow's own use of its database library


@pytest.fixture
def run_id(client: MlflowClient) -> str:
    return client.create_run("0").info.run_id


@pytest.fixture
def experiment(client: MlflowClient, request: pytest.FixtureRequest) -> str:
    return client.create_experiment(f"of {request.node.name}")


def names(client: MlflowClient, experiment: str, wanted: str = "", **search: object) -> list[str]:
    return [model.name for model in client.search_logged_models([experiment], wanted, **search)]


def test_a_model_is_logged_and_read_back(client: MlflowClient, run_id: str) -> None:
    made = client.create_logged_model("0", "clf", run_id, tags={"a": "b"}, params={"p": "1"}, model_type="sklearn")
    assert (made.status, made.model_id[:2]) == (LoggedModelStatus.PENDING, "m-")
    client.log_model_params(made.model_id, {f"p{n}": str(n) for n in range(300)})
    client.set_logged_model_tags(made.model_id, {"a": "c", "d": "e"})
    client.delete_logged_model_tag(made.model_id, "d")
    client.finalize_logged_model(made.model_id, LoggedModelStatus.READY)
    client.log_outputs(run_id, [LoggedModelOutput(made.model_id, 3)])
    client.log_metric(run_id, "auc", 0.5, model_id=made.model_id, dataset_name="d", dataset_digest="1")
    client.log_metric(run_id, "auc", 0.75, step=2, model_id=made.model_id, dataset_name="d", dataset_digest="1")

    model = client.get_logged_model(made.model_id)
    assert model.artifact_location == f"mlflow-artifacts:/0/models/{made.model_id}/artifacts"
    assert (model.name, model.source_run_id, model.model_type) == ("clf", run_id, "sklearn")
    assert (model.status, model.tags, len(model.params)) == (LoggedModelStatus.READY, {"a": "c"}, 301)
    (metric,) = model.metrics
    assert (metric.key, metric.value, metric.step, metric.run_id) == ("auc", 0.75, 2, run_id)
    assert (metric.dataset_name, metric.dataset_digest, metric.model_id) == ("d", "1", made.model_id)
    assert [output.model_id for output in client.get_run(run_id).outputs.model_outputs] == [made.model_id]


def test_a_deleted_model_is_gone(client: MlflowClient, experiment: str) -> None:
    made = client.create_logged_model(experiment, "clf")
    client.delete_logged_model(made.model_id)
    for act in (client.get_logged_model, client.delete_logged_model):
        with pytest.raises(MlflowException) as caught:
            act(made.model_id)
        assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert names(client, experiment) == []


def test_a_parameter_of_a_model_never_changes(client: MlflowClient) -> None:
    made = client.create_logged_model("0", params={"p": "1"})
    client.log_model_params(made.model_id, {"p": "1"})
    with pytest.raises(MlflowException, match="not allowed"):
        client.log_model_params(made.model_id, {"p": "2"})


@pytest.mark.parametrize("name", ["a/b", "a:b", "..", "a.b", "a%2fb", "a'b", 'a"b', "a\\b", "x" * 251])
def test_a_name_that_reads_as_an_address_is_refused(either_server: Server, name: str) -> None:
    answer = either_server.post("logged-models", {"experiment_id": "0", "name": name})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_models_are_searched(client: MlflowClient, experiment: str) -> None:
    run_id = client.create_run(experiment).info.run_id
    for n in range(4):
        made = client.create_logged_model(experiment, f"m{n}", run_id, {"t": str(n)}, {"p": "x" * n}, "kind")
        client.log_metric(run_id, "auc", n / 10, model_id=made.model_id, dataset_name="d", dataset_digest=str(n % 2))
    client.create_logged_model(experiment, "bare")
    for wanted, expected in (
        ("name = 'm1'", ["m1"]),
        ("name LIKE 'm%' AND params.p = 'xx'", ["m2"]),
        ("tags.t IN ('1', '3')", ["m1", "m3"]),
        ("metrics.auc >= 0.2", ["m2", "m3"]),
        (f"source_run_id = '{run_id}' AND model_type != 'other'", ["m0", "m1", "m2", "m3"]),
        ("attributes.creation_timestamp > 0 AND name = 'bare'", ["bare"]),
        ("params.p IS NULL", ["bare"]),
    ):
        assert names(client, experiment, wanted, order_by=[{"field_name": "name"}]) == expected, wanted

    by_auc = [{"field_name": "metrics.auc", "ascending": False}]
    assert names(client, experiment, order_by=by_auc) == ["m3", "m2", "m1", "m0", "bare"]
    on_one = [{"field_name": "metrics.auc", "dataset_name": "d", "dataset_digest": "0"}]
    assert names(client, experiment, order_by=on_one)[:2] == ["m0", "m2"]
    only = [{"dataset_name": "d", "dataset_digest": "1"}]
    assert sorted(names(client, experiment, datasets=only)) == ["m1", "m3"]
    assert names(client, experiment, "metrics.auc < 0.3", datasets=only) == ["m1"]

    first = client.search_logged_models([experiment], max_results=3, order_by=[{"field_name": "name"}])
    rest = client.search_logged_models([experiment], order_by=[{"field_name": "name"}], page_token=first.token)
    assert [model.name for model in first + rest] == ["bare", "m0", "m1", "m2", "m3"]
    assert rest.token is None


def test_a_search_sees_the_latest_value_and_the_status(client: MlflowClient, experiment: str) -> None:
    """As MLflow 3.18: a value that a later step took the place of counts on its own dataset alone."""
    run_id = client.create_run(experiment).info.run_id
    for name, values in (("worse", (0.9, 0.1)), ("better", (0.2, 0.8)), ("once", (0.5,))):
        model_id = client.create_logged_model(experiment, name, run_id).model_id
        for step, value in enumerate(values):
            measured = Metric("auc", value, 9 - step, step, model_id, f"d{step}", "1", run_id)
            client.log_batch(run_id, [measured])
        client.finalize_logged_model(model_id, LoggedModelStatus.READY if len(values) > 1 else "FAILED")
    by_auc = [{"field_name": "metrics.auc", "ascending": False}]
    assert names(client, experiment, "metrics.auc > 0.4", order_by=by_auc) == ["better", "once"]
    first = {"datasets": [{"dataset_name": "d0"}], "order_by": by_auc}
    assert names(client, experiment, "metrics.auc > 0.4", **first) == ["worse", "once"]
    assert names(client, experiment, **first) == ["worse", "once", "better"]
    for wanted, expected in (
        ("status = 'READY'", ["better", "worse"]),
        ("status != 'READY'", ["once"]),
        ("attributes.status IN ('FAILED', 'PENDING')", ["once"]),
        ("status = 'LOGGED_MODEL_READY' AND name = 'worse'", ["worse"]),
    ):
        assert names(client, experiment, wanted, order_by=by_auc) == expected, wanted
    assert client.search_logged_models([]) == []


@pytest.mark.parametrize(
    "search",
    [
        {"filter": "status = 'ready'"},
        {"filter": "status LIKE 'R%'"},
        {"filter": "name ~ 'x'"},
        {"order_by": [{"field_name": "x"}]},
        {"max_results": 0},
    ],
)
def test_a_search_that_cannot_be_read_is_refused(either_server: Server, search: dict[str, object]) -> None:
    answer = either_server.post("logged-models/search", {"experiment_ids": ["0"], **search})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_files_of_a_model_are_logged_and_fetched(
    client: MlflowClient, run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", client.tracking_uri)
    (tmp_path / "sent" / "deep").mkdir(parents=True)
    (tmp_path / "sent" / "deep" / "model.pkl").write_bytes(b"never opened")
    made = client.create_logged_model("0", "clf", run_id)
    client.log_model_artifacts(made.model_id, str(tmp_path / "sent"))
    assert [f.path for f in client.list_logged_model_artifacts(made.model_id, "deep")] == ["deep/model.pkl"]
    assert [f.path for f in client.list_artifacts(run_id, "clf")] == ["clf/deep"]
    fetched = Path(client.download_artifacts(run_id, "clf", str(tmp_path)))
    assert (fetched / "deep" / "model.pkl").read_bytes() == b"never opened"


def test_a_page_lists_and_fetches_files_of_a_model(either_server: Server, client: MlflowClient) -> None:
    http, made = either_server.http, client.create_logged_model("0", "clf")
    http.put(f"/api/2.0/mlflow-artifacts/artifacts/0/models/{made.model_id}/artifacts/a/b", content=b"x")
    root = f"/ajax-api/2.0/mlflow/logged-models/{made.model_id}/artifacts"
    listed = http.get(f"{root}/directories", params={"artifact_directory_path": "a"}).json()
    assert listed["files"] == [{"path": "a/b", "is_dir": False, "file_size": 1}]
    assert http.get(f"{root}/files", params={"artifact_file_path": "a/b"}).content == b"x"
    odd = http.get(f"{root}/files", params={"artifact_file_path": "a/../b"})
    assert (odd.status_code, odd.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_metric_of_a_model_that_is_unknown_here_stays_with_the_run(client: MlflowClient, run_id: str) -> None:
    client.log_batch(run_id, [Metric("auc", 1.0, 1, 0, model_id="m-unknown")])
    assert client.get_run(run_id).data.metrics == {"auc": 1.0}


def test_a_metric_that_is_no_number_is_kept(client: MlflowClient, run_id: str, experiment: str) -> None:
    made = client.create_logged_model(experiment, "clf", run_id)
    client.log_metric(run_id, "auc", float("nan"), model_id=made.model_id)
    (metric,) = client.get_logged_model(made.model_id).metrics
    assert metric.value != metric.value
    assert names(client, experiment, "metrics.auc > 0") == []
    assert names(client, experiment, order_by=[{"field_name": "metrics.auc"}]) == ["clf"]

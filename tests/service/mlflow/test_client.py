"""MLflow's own client, unchanged, against every act of the protocol."""

import math
import time
from typing import Any

import pytest
from mlflow import MlflowClient, MlflowException
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType

from tests.service.mlflow.conftest import Server


def refused(code: str, act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(MlflowException) as caught:
        act(*arguments, **named)
    assert caught.value.error_code == code
    return str(caught.value)


def test_an_experiment_is_created_found_renamed_deleted_and_restored(client: MlflowClient) -> None:
    made = client.create_experiment("flights", tags={"team": "ops"})
    found = client.get_experiment_by_name("flights")
    assert (found.experiment_id, found.lifecycle_stage, found.tags) == (made, "active", {"team": "ops"})
    assert found.artifact_location == f"mlflow-artifacts:/{made}"
    assert abs(found.creation_time - time.time() * 1000) < 60_000
    client.rename_experiment(made, "delays")
    assert client.get_experiment(made).name == "delays"
    assert client.get_experiment_by_name("flights") is None
    client.delete_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "deleted"
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_experiment, made)
    refused("INVALID_PARAMETER_VALUE", client.create_run, made)
    client.restore_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "active"
    assert "delays" in refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, "delays")


def test_the_default_experiment_is_there(client: MlflowClient) -> None:
    assert client.get_experiment("0").name == "Default"
    assert client.create_run("0").info.experiment_id == "0"
    refused("RESOURCE_DOES_NOT_EXIST", client.get_experiment, "12345")
    refused("INVALID_PARAMETER_VALUE", client.get_experiment, "../../etc/passwd")


def test_tags_of_an_experiment_are_set_and_deleted(client: MlflowClient) -> None:
    client.set_experiment_tag("0", "a", "1")
    client.set_experiment_tag("0", "a", "2")
    assert client.get_experiment("0").tags == {"a": "2"}
    client.delete_experiment_tag("0", "a")
    assert client.get_experiment("0").tags == {}
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_experiment_tag, "0", "a")


def test_experiments_are_searched_by_pages(client: MlflowClient) -> None:
    made = [client.create_experiment(f"e{n}", tags={"n": str(n)}) for n in range(5)]
    first = client.search_experiments(filter_string="name LIKE 'e%'", order_by=["name ASC"], max_results=3)
    rest = client.search_experiments(
        filter_string="name LIKE 'e%'", order_by=["name ASC"], max_results=3, page_token=first.token
    )
    assert [e.name for e in first + rest] == ["e0", "e1", "e2", "e3", "e4"]
    assert rest.token is None
    client.delete_experiment(made[0])
    assert [e.name for e in client.search_experiments(view_type=ViewType.DELETED_ONLY)] == ["e0"]
    for wanted, names in (
        ("tags.n = '3'", ["e3"]),
        ("tags.n != '3' AND name ILIKE 'E%'", ["e4", "e2", "e1"]),
        ("tags.n IS NULL AND name = 'Default'", ["Default"]),
        (f"experiment_id IN ('{made[1]}', '{made[2]}')", ["e2", "e1"]),
        ("creation_time > 0 AND name = 'e4'", ["e4"]),
    ):
        found = client.search_experiments(filter_string=wanted, order_by=["experiment_id DESC"])
        assert [e.name for e in found] == names, wanted


def test_a_run_is_logged_and_read_back(client: MlflowClient) -> None:
    run = client.create_run("0", start_time=1_700_000_000_000, tags={"a": "b"}, run_name="first")
    run_id = run.info.run_id
    assert len(run_id) == 32
    assert (run.info.status, run.info.run_name, run.info.start_time) == ("RUNNING", "first", 1_700_000_000_000)
    client.log_metric(run_id, "auc", 0.7, timestamp=10, step=0)
    client.log_metric(run_id, "auc", 0.9, timestamp=20, step=2)
    client.log_metric(run_id, "auc", 0.8, timestamp=30, step=1)
    client.log_param(run_id, "depth", 6)
    client.set_tag(run_id, "team", "ops")
    client.log_batch(
        run_id,
        metrics=[Metric("loss", 0.5, 1, 0), Metric("loss", 0.25, 2, 1)],
        params=[Param("rate", "0.1"), Param("empty", "")],
        tags=[RunTag("team", "data"), RunTag("note", "é" * 300)],
    )
    client.set_terminated(run_id, "FINISHED", end_time=1_700_000_001_000)
    read = client.get_run(run_id)
    assert read.data.metrics == {"auc": 0.9, "loss": 0.25}
    assert read.data.params == {"depth": "6", "rate": "0.1", "empty": ""}
    assert read.data.tags == {"a": "b", "team": "data", "note": "é" * 300, "mlflow.runName": "first"}
    assert (read.info.status, read.info.end_time) == ("FINISHED", 1_700_000_001_000)
    assert read.info.artifact_uri == f"mlflow-artifacts:/0/{run_id}/artifacts"
    assert [(m.value, m.step, m.timestamp) for m in client.get_metric_history(run_id, "auc")] == [
        (0.7, 0, 10),
        (0.9, 2, 20),
        (0.8, 1, 30),
    ]
    client.delete_tag(run_id, "note")
    assert "note" not in client.get_run(run_id).data.tags
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, run_id, "note")


def test_values_that_are_no_numbers_come_back(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    values = {"nan": math.nan, "high": math.inf, "low": -math.inf, "least": 5e-324, "most": 1.7976931348623157e308}
    for key, value in values.items():
        client.log_metric(run_id, key, value)
    read = client.get_run(run_id).data.metrics
    assert math.isnan(read.pop("nan"))
    assert read == {key: value for key, value in values.items() if key != "nan"}
    assert math.isnan(client.get_metric_history(run_id, "nan")[0].value)


def test_the_same_point_sent_again_stays_one(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    points = [Metric("m", value, 5, 1) for value in (1.0, math.nan, 2.0)]
    for _ in range(2):
        client.log_batch(run_id, metrics=points)
    assert len(client.get_metric_history(run_id, "m")) == 3
    assert client.get_run(run_id).data.metrics == {"m": 2.0}


def test_a_parameter_keeps_its_value(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    client.log_param(run_id, "depth", 6)
    client.log_param(run_id, "depth", 6)
    assert "'6'" in refused("INVALID_PARAMETER_VALUE", client.log_param, run_id, "depth", 7)
    told = refused("INVALID_PARAMETER_VALUE", client.log_batch, run_id, params=[Param("new", "1"), Param("depth", "7")])
    assert "depth" in told
    assert client.get_run(run_id).data.params == {"depth": "6"}
    client.log_param(run_id, "long", "x" * 7_000)
    client.log_param(run_id, "long", "x" * 7_000)
    assert client.get_run(run_id).data.params["long"] == "x" * 6_000


def test_a_run_is_renamed_deleted_and_restored(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    assert client.get_run(run_id).info.run_name == client.get_run(run_id).data.tags["mlflow.runName"] != ""
    client.update_run(run_id, name="second", status="FAILED")
    read = client.get_run(run_id)
    assert (read.info.run_name, read.info.status, read.data.tags["mlflow.runName"]) == ("second", "FAILED", "second")
    client.set_tag(run_id, "mlflow.runName", "third")
    assert client.get_run(run_id).info.run_name == "third"
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    refused("INVALID_PARAMETER_VALUE", client.log_metric, run_id, "m", 1.0)
    client.restore_run(run_id)
    client.log_metric(run_id, "m", 1.0)
    assert client.get_run(run_id).data.metrics == {"m": 1.0}
    refused("RESOURCE_DOES_NOT_EXIST", client.get_run, "0" * 32)


def test_inputs_are_logged_once(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    data = DatasetInput(
        Dataset("flights", "abc", "local", '{"uri": "file:///x"}', schema="{}", profile='{"rows": 1}'),
        [InputTag("mlflow.data.context", "training")],
    )
    for _ in range(2):
        client.log_inputs(run_id, datasets=[data])
    (read,) = client.get_run(run_id).inputs.dataset_inputs
    assert (read.dataset.name, read.dataset.digest, read.dataset.profile) == ("flights", "abc", '{"rows": 1}')
    assert read.dataset.source == '{"uri": "file:///x"}'
    assert [(tag.key, tag.value) for tag in read.tags] == [("mlflow.data.context", "training")]
    assert [r.info.run_id for r in client.search_runs(["0"], "datasets.name = 'flights'")] == [run_id]
    assert [r.info.run_id for r in client.search_runs(["0"], "datasets.context = 'eval'")] == []


def test_histories_are_read_by_pages(client: MlflowClient, either_server: Server) -> None:
    run_id = client.create_run("0").info.run_id
    client.log_batch(run_id, metrics=[Metric("m", n / 7, n, n) for n in range(1_000)])
    assert [m.step for m in client.get_metric_history(run_id, "m")] == list(range(1_000))
    steps: list[int] = []
    token = ""
    while True:
        page = either_server.get(
            "metrics/get-history", run_id=run_id, metric_key="m", max_results=300, page_token=token
        ).json()
        steps += [point["step"] for point in page["metrics"]]
        token = page.get("next_page_token", "")
        if not token:
            break
    assert steps == list(range(1_000))
    bulk = either_server.get("metrics/get-history-bulk", run_id=[run_id], metric_key="m", max_results=10).json()
    assert [(point["run_id"], point["step"]) for point in bulk["metrics"]] == [(run_id, n) for n in range(10)]
    some = either_server.get(
        "metrics/get-history-bulk-interval",
        run_ids=[run_id],
        metric_key="m",
        start_step=100,
        end_step=200,
        max_results=5,
    ).json()
    assert [point["step"] for point in some["metrics"]] == [100, 125, 150, 175, 200]

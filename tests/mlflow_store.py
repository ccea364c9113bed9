"""Writes a store with MLflow's own code, and prints what MLflow reads from it: run as a program, apart."""

import json
import sys
from collections.abc import Callable

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput, ViewType

STEPS = 5


def write(client: MlflowClient, files: str | None) -> None:
    first = client.create_experiment("First", artifact_location=files, tags={"team": "a"})
    whole = client.create_run(first, run_name="whole", tags={"seed": "1"}).info.run_id
    for step in range(STEPS):
        client.log_metric(whole, "loss", float("nan") if step == 3 else 1 / (step + 1), step=step)
    client.log_metric(whole, "valid/auc", 0.75, timestamp=1_700_000_000_000)
    client.log_param(whole, "rate", "0.1")
    dataset = Dataset(name="flights", digest="abc", source_type="local", source="{}", schema="{}", profile="{}")
    client.log_inputs(whole, [DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])])
    client.log_text(whole, "some bytes", "plots/notes.txt")
    client.set_terminated(whole)
    client.create_run(first, run_name="going on")
    client.delete_run(client.create_run(first, run_name="deleted").info.run_id)
    client.delete_experiment(client.create_experiment("Gone"))


def go_on(client: MlflowClient) -> None:
    [run] = client.search_runs([client.get_experiment_by_name("First").experiment_id], "run_name = 'going on'")
    client.log_metric(run.info.run_id, "loss", 0.25, step=9)
    client.set_terminated(run.info.run_id, "FAILED")


def told(client: MlflowClient) -> dict[str, object]:
    experiment = client.get_experiment_by_name("First")
    return {
        run.info.run_id: _run(client, run) for run in client.search_runs([experiment.experiment_id], "", ViewType.ALL)
    }


def _run(client: MlflowClient, run: object) -> dict[str, object]:
    info, data = run.info, run.data  # type: ignore[attr-defined]
    points = [point for key in data.metrics for point in client.get_metric_history(info.run_id, key)]
    return {
        "about": [info.run_name, info.user_id, info.status, info.lifecycle_stage, info.start_time, info.end_time],
        "params": data.params,
        "tags": data.tags,
        "points": sorted([point.key, repr(point.value), point.timestamp, point.step] for point in points),
        "datasets": [[one.dataset.name, one.dataset.digest] for one in run.inputs.dataset_inputs],  # type: ignore[attr-defined]
    }


def write_models(client: MlflowClient, files: str | None) -> None:
    first = client.create_experiment("First", artifact_location=files)
    run = client.create_run(first, run_name="whole").info.run_id
    net = client.create_logged_model(
        first, "net", run, tags={"a": "b"}, params={"depth": "3"}, model_type="Tree"
    ).model_id
    for step in range(STEPS):
        client.log_metric(run, "auc", step / 10, step=step, model_id=net, dataset_name="d", dataset_digest="x")
    client.log_metric(run, "loss", float("nan"), model_id=net)
    client.log_outputs(run, [LoggedModelOutput(net, 3)])
    client.log_inputs(client.create_run(first, run_name="reader").info.run_id, models=[LoggedModelInput(net)])
    with open("MLmodel", "w") as file:
        file.write("of net")
    client.log_model_artifact(net, "MLmodel")
    client.finalize_logged_model(net, "READY")
    client.create_logged_model(first, "arriving")
    client.create_registered_model("Fraud", tags={"k": "v"}, description="about")
    source = client.get_logged_model(net).artifact_location
    client.create_model_version("Fraud", source, run, tags={"t": "1"}, description="first", model_id=net)
    client.log_text(run, "of run", "old/MLmodel")
    client.create_model_version("Fraud", f"runs:/{run}/old", run)
    client.create_model_version("Fraud", "models:/Fraud/1")
    client.create_model_version("Fraud", "models:/Fraud/1")
    client.delete_model_version("Fraud", "4")
    client.set_registered_model_alias("Fraud", "champion", "1")
    client.transition_model_version_stage("Fraud", "2", "Staging")
    client.create_registered_model("Empty")


def go_on_models(client: MlflowClient) -> None:
    client.set_registered_model_alias("Fraud", "champion", "3")
    client.set_registered_model_alias("Fraud", "challenger", "2")
    client.transition_model_version_stage("Fraud", "2", "Production")
    client.set_model_version_tag("Fraud", "1", "t", "2")
    client.set_model_version_tag("Fraud", "1", "u", "new")
    client.create_model_version("Fraud", "models:/Fraud/2")
    [arriving] = client.search_logged_models(_experiments(client), "name = 'arriving'")
    client.finalize_logged_model(arriving.model_id, "FAILED")


def told_models(client: MlflowClient) -> dict[str, object]:
    models = client.search_logged_models(_experiments(client))
    registered = client.search_registered_models()
    return {
        "models": {one.model_id: _model(one) for one in models},
        "registered": {
            one.name: [one.description or "", one.tags, {name: int(version) for name, version in one.aliases.items()}]
            for one in registered
        },
        "versions": {f"{one.name} {one.version}": _version(one) for one in client.search_model_versions("")},
    }


def _experiments(client: MlflowClient) -> list[str]:
    return [client.get_experiment_by_name("First").experiment_id]


def _model(one: object) -> list[object]:
    measured = {(m.key, m.dataset_name): [m.step, repr(m.value), m.run_id] for m in one.metrics or []}  # type: ignore[attr-defined]
    latest = sorted([*of, *value] for of, value in measured.items())
    return [one.name, one.model_type or "", str(one.status), one.source_run_id or "", one.params, one.tags, latest]  # type: ignore[attr-defined]


def _version(one: object) -> list[object]:
    return [one.current_stage, one.description or "", one.tags, one.run_id or ""]  # type: ignore[attr-defined]


ACTS: dict[str, Callable[..., object]] = {
    "write": write,
    "go on": lambda client, _: go_on(client),
    "write models": write_models,
    "go on models": lambda client, _: go_on_models(client),
}

if __name__ == "__main__":
    store = MlflowClient(sys.argv[2])
    ACTS[sys.argv[1]](store, sys.argv[3] or None)
    json.dump((told_models if "models" in sys.argv[1] else told)(store), sys.stdout)

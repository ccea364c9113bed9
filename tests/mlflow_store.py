"""Writes a store with MLflow's own code, and prints what MLflow reads from it: run as a program, apart."""

import json
import sys

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, ViewType

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


if __name__ == "__main__":
    store = MlflowClient(sys.argv[2])
    if sys.argv[1] == "write":
        write(store, sys.argv[3] or None)
    else:
        go_on(store)
    json.dump(told(store), sys.stdout)

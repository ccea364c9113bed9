"""Values as MLflow's JSON. What is not known is left out, as protobuf does."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, Point


def experiment_json(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment."""
    return {
        "experiment_id": experiment.id,
        "name": experiment.name,
        "artifact_location": experiment.artifact_location,
        "lifecycle_stage": experiment.lifecycle.value,
        "last_update_time": experiment.updated_ms,
        "creation_time": experiment.created_ms,
        "tags": pairs(experiment.tags),
    }


def run_json(run: LoggedRun) -> dict[str, Any]:
    """Return a run with all that was logged to it."""
    return {
        "info": info_json(run),
        "data": {
            "metrics": [point_json(point) for point in run.metrics],
            "params": pairs(run.params),
            "tags": pairs(run.tags),
        },
        "inputs": {
            "dataset_inputs": [_dataset_json(dataset) for dataset in run.datasets],
            "model_inputs": [{"model_id": link.model_id} for link in run.model_inputs],
        },
        "outputs": {
            "model_outputs": [{"model_id": link.model_id, "step": link.step} for link in run.model_outputs],
        },
    }


def info_json(run: LoggedRun) -> dict[str, Any]:
    """Return what a run is, without what was logged to it."""
    info: dict[str, Any] = {
        "run_id": run.id,
        "run_uuid": run.id,
        "run_name": run.name,
        "experiment_id": run.experiment_id,
        "user_id": run.user,
        "status": run.status.value,
        "start_time": run.started_ms,
        "artifact_uri": run.artifact_uri,
        "lifecycle_stage": run.lifecycle.value,
    }
    return info if run.ended_ms is None else {**info, "end_time": run.ended_ms}


def point_json(point: Point) -> dict[str, Any]:
    """Return one value of a metric."""
    value: float | str = point.value if math.isfinite(point.value) else _no_number(point.value)
    return {"key": point.key, "value": value, "timestamp": point.timestamp, "step": point.step}


def pairs(values: Mapping[str, str]) -> Sequence[dict[str, str]]:
    """Return parameters or tags."""
    return [{"key": key, "value": value} for key, value in values.items()]


def page_json(name: str, items: Sequence[Any], token: str) -> dict[str, Any]:
    """Return a page of an answer."""
    return {name: items, "next_page_token": token} if token else {name: items}


def _dataset_json(dataset: InputDataset) -> dict[str, Any]:
    parts = {name: getattr(dataset, name) for name in ("name", "digest", "source_type", "source", "schema", "profile")}
    return {"tags": pairs(dataset.tags), "dataset": {name: part for name, part in parts.items() if part is not None}}


def _no_number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"

"""The protocol's acts that log to a run."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInput
from core.modelling.tracking.limits import KEY_CHARACTERS, within
from core.modelling.tracking.logged_run import Batch, InputDataset, ModelLink, Point, params_of, tags_of
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.service.mlflow.runs import run_id_of
from core.workspace.workspace import Workspace


def log_batch(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log metrics, parameters and tags at once."""
    batch = Batch(
        metrics=[_point(metric) for metric in fields.messages("metrics")],
        params=params_of((param.needed("key"), param.text("value")) for param in fields.messages("params")),
        tags=tags_of((tag.needed("key"), tag.text("value")) for tag in fields.messages("tags")),
    )
    workspace.tracking.log(run_id_of(fields), batch)
    return {}


def log_metric(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log one value of a metric."""
    workspace.tracking.log(run_id_of(fields), Batch(metrics=[_point(fields)]))
    return {}


def log_parameter(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log a parameter."""
    params = params_of([(fields.needed("key"), fields.text("value"))])
    workspace.tracking.log(run_id_of(fields), Batch(params=params))
    return {}


def set_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Set a tag."""
    tags = tags_of([(fields.needed("key"), fields.text("value"))])
    workspace.tracking.log(run_id_of(fields), Batch(tags=tags))
    return {}


def log_inputs(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log which datasets and models a run read."""
    datasets = [_dataset(entry) for entry in fields.messages("datasets")]
    workspace.tracking.log_inputs(run_id_of(fields), datasets, _links(fields))
    return {}


def log_outputs(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log which models a run wrote."""
    workspace.tracking.log_outputs(run_id_of(fields), _links(fields))
    return {}


def _point(fields: Fields) -> Point:
    key, value, timestamp = fields.needed("key"), fields.number("value"), fields.integer("timestamp")
    if value is None or timestamp is None:
        missing = "value" if value is None else "timestamp"
        raise InvalidInput(f"Missing value for required parameter '{missing}' of the metric {key[:60]!r}. Send it.")
    return Point(
        key,
        value,
        timestamp,
        fields.integer("step") or 0,
        fields.text("model_id") or None,
        fields.text("dataset_name") or None,
        fields.text("dataset_digest") or None,
    )


def _dataset(fields: Fields) -> InputDataset:
    dataset = fields.message("dataset")
    return InputDataset(
        name=dataset.needed("name"),
        digest=dataset.needed("digest"),
        source_type=dataset.text("source_type"),
        source=dataset.text("source"),
        schema=dataset.text("schema") or None,
        profile=dataset.text("profile") or None,
        tags={tag.needed("key"): tag.text("value") for tag in fields.messages("tags")},
    )


def _links(fields: Fields) -> list[ModelLink]:
    return [
        ModelLink(within(model.needed("model_id"), KEY_CHARACTERS, "A model's id"), model.integer("step") or 0)
        for model in fields.messages("models")
    ]


ENDPOINTS = (
    Endpoint("POST", "runs/log-batch", log_batch),
    Endpoint("POST", "runs/log-metric", log_metric),
    Endpoint("POST", "runs/log-parameter", log_parameter),
    Endpoint("POST", "runs/set-tag", set_tag),
    Endpoint("POST", "runs/log-inputs", log_inputs),
    Endpoint("POST", "runs/outputs", log_outputs),
    Endpoint("POST", "runs/log-outputs", log_outputs),
)

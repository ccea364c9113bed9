"""The protocol's acts on logged models."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import InvalidInput
from core.modelling.tracking.logged_model import LoggedModel, Measured, ModelStatus, checked_values
from core.modelling.tracking.search.models import DatasetOrdering, logged_model_query, model_ordering
from core.service.mlflow.answers import page_json, pairs, point_json
from core.service.mlflow.artifacts import entry_json
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.workspace.logged_models import NewModel
from core.workspace.workspace import Workspace


def create(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Begin a model."""
    new = NewModel(
        experiment_id=fields.needed("experiment_id"),
        name=fields.text("name"),
        type=fields.text("model_type"),
        source_run_id=fields.text("source_run_id"),
        params=values_of(fields, "params", "parameter"),
        tags=values_of(fields, "tags", "tag"),
    )
    return {"model": model_json(workspace.models.create(new))}


def get(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a model."""
    deleted = fields.text("allow_deleted").lower() == "true"
    return {"model": model_json(workspace.models.get(fields.needed("model_id"), deleted=deleted))}


def search(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of models."""
    limit = fields.integer("max_results")
    query = logged_model_query(
        filter_text=fields.text("filter"),
        orderings=[_ordering(key) for key in fields.messages("order_by")],
        datasets=[(of.needed("dataset_name"), of.text("dataset_digest")) for of in fields.messages("datasets")],
        token=fields.text("page_token"),
        limit=100 if limit is None else limit,
    )
    page = workspace.models.search(query, fields.texts("experiment_ids"))
    return page_json("models", [model_json(model) for model in page.items], page.next_token)


def finalize(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Say whether a model's files have come."""
    status = fields.choice("status", ModelStatus)
    if status is None:
        raise InvalidInput("Missing value for required parameter 'status'. Send it.")
    return {"model": model_json(workspace.models.finalize(fields.needed("model_id"), status))}


def delete(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a model."""
    workspace.models.delete(fields.needed("model_id"))
    return {}


def log_params(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Log parameters of a model."""
    workspace.models.log_params(fields.needed("model_id"), values_of(fields, "params", "parameter"))
    return {}


def set_tags(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Set tags of a model."""
    return {"model": model_json(workspace.models.set_tags(fields.needed("model_id"), values_of(fields, "tags", "tag")))}


def delete_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a tag of a model."""
    workspace.models.delete_tag(fields.needed("model_id"), fields.needed("tag_key"))
    return {}


def files(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return what lies in a folder of a model."""
    model_id = fields.needed("model_id")
    place = workspace.files.of_model(model_id, fields.text("artifact_directory_path"))
    return {
        "root_uri": replace(place, path="").uri,
        "files": [entry_json(entry) for entry in workspace.files.list(place)],
    }


def values_of(fields: Fields, name: str, what: str) -> dict[str, str]:
    """Return parameters or tags, which come as keys and values."""
    return checked_values(((pair.needed("key"), pair.text("value")) for pair in fields.messages(name)), what)


def model_json(model: LoggedModel) -> dict[str, Any]:
    """Return a model with all that is known of it."""
    return {
        "info": {
            "model_id": model.id,
            "experiment_id": model.experiment_id,
            "name": model.name,
            "creation_timestamp_ms": model.created_ms,
            "last_updated_timestamp_ms": model.updated_ms,
            "artifact_uri": model.artifact_uri,
            "status": model.status.value,
            "model_type": model.type,
            "source_run_id": model.source_run_id,
            "tags": pairs(model.tags),
        },
        "data": {"params": pairs(model.params), "metrics": [_measured_json(of) for of in model.metrics]},
    }


def _measured_json(of: Measured) -> dict[str, Any]:
    point = of.point
    parts = {"model_id": point.model_id, "dataset_name": point.dataset_name, "dataset_digest": point.dataset_digest}
    known = {name: part for name, part in parts.items() if part}
    return {**point_json(point), "run_id": of.run_id, **known}


def _ordering(fields: Fields) -> DatasetOrdering:
    return model_ordering(
        fields.needed("field_name"),
        ascending=fields.flag("ascending", default=True),
        dataset_name=fields.text("dataset_name"),
        dataset_digest=fields.text("dataset_digest"),
    )


ENDPOINTS = (
    Endpoint("POST", "logged-models", create),
    Endpoint("POST", "logged-models/search", search),
    Endpoint("GET", "logged-models/{model_id}", get),
    Endpoint("PATCH", "logged-models/{model_id}", finalize),
    Endpoint("DELETE", "logged-models/{model_id}", delete),
    Endpoint("POST", "logged-models/{model_id}/params", log_params),
    Endpoint("PATCH", "logged-models/{model_id}/tags", set_tags),
    Endpoint("DELETE", "logged-models/{model_id}/tags/{tag_key:path}", delete_tag),
    Endpoint("GET", "logged-models/{model_id}/artifacts/directories", files),
)

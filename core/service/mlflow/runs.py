"""The protocol's acts on runs."""

import json
from collections.abc import Mapping
from typing import Any, cast

from core.errors import InvalidInput
from core.modelling.tracking.experiment import DEFAULT_ID, View
from core.modelling.tracking.logged_run import Status, tags_of
from core.modelling.tracking.search.query import run_query
from core.service.mlflow.answers import info_json, page_json, run_json
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.workspace.tracking import NewRun, RunChange
from core.workspace.workspace import Workspace

_DESCRIBED_BY = ("artifact_path", "flavors", "utc_time_created", "run_id")


def create(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Begin a run."""
    new = NewRun(
        experiment_id=fields.text("experiment_id") or DEFAULT_ID,
        name=fields.text("run_name"),
        user=fields.text("user_id"),
        started_ms=fields.integer("start_time"),
        tags=tags_of((tag.needed("key"), tag.text("value")) for tag in fields.messages("tags")),
    )
    return {"run": run_json(workspace.tracking.create(new))}


def get(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a run."""
    return {"run": run_json(workspace.tracking.get(run_id_of(fields)))}


def update(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Change how far a run has come, when it ended, or its name."""
    change = RunChange(
        status=fields.choice("status", Status),
        ended_ms=fields.integer("end_time"),
        name=fields.text("run_name") or None,
    )
    return {"run_info": info_json(workspace.tracking.change(run_id_of(fields), change))}


def delete(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a run; it can be restored."""
    workspace.tracking.delete(run_id_of(fields))
    return {}


def restore(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Bring a run back."""
    workspace.tracking.restore(run_id_of(fields))
    return {}


def search(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of runs."""
    limit = fields.integer("max_results")
    query = run_query(
        filter_text=fields.text("filter"),
        order_by=fields.texts("order_by"),
        view=fields.choice("run_view_type", View) or View.ACTIVE_ONLY,
        token=fields.text("page_token"),
        limit=1_000 if limit is None else limit,
    )
    page = workspace.tracking.search(query, fields.texts("experiment_ids"))
    return page_json("runs", [run_json(run) for run in page.items], page.next_token)


def delete_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a tag of a run."""
    workspace.tracking.delete_tag(run_id_of(fields), fields.needed("key"))
    return {}


def log_model(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Note the description of a model that was stored with a run."""
    try:
        described: object = json.loads(fields.needed("model_json"))
    except (ValueError, RecursionError):
        described = None
    if not isinstance(described, dict):
        raise InvalidInput("model_json is no JSON object. Send the model's description as one.")
    model = cast("dict[str, Any]", described)
    if missing := [name for name in _DESCRIBED_BY if name not in model]:
        raise InvalidInput(f"model_json lacks {', '.join(missing)}. Send the whole description of the model.")
    workspace.tracking.log_model(run_id_of(fields), model)
    return {}


def run_id_of(fields: Fields) -> str:
    """Return the run that a request is about."""
    return fields.needed("run_id", "run_uuid")


ENDPOINTS = (
    Endpoint("POST", "runs/create", create),
    Endpoint("GET", "runs/get", get),
    Endpoint("POST", "runs/update", update),
    Endpoint("POST", "runs/delete", delete),
    Endpoint("POST", "runs/restore", restore),
    Endpoint("POST", "runs/search", search),
    Endpoint("POST", "runs/delete-tag", delete_tag),
    Endpoint("POST", "runs/log-model", log_model),
)

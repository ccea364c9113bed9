"""The protocol's acts on experiments."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInput
from core.modelling.tracking.experiment import View
from core.modelling.tracking.search.query import experiment_query
from core.service.mlflow.answers import experiment_json, page_json
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.workspace.workspace import Workspace

_OWN_LOCATION = "mlflow-artifacts:"


def create(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Create an experiment."""
    location = fields.text("artifact_location")
    if location and not location.startswith(_OWN_LOCATION):
        raise InvalidInput(
            "Fullcircle keeps the files of runs itself and takes no artifact_location. Leave it out; the client then "
            "sends the files here."
        )
    tags = {tag.needed("key"): tag.text("value") for tag in fields.messages("tags")}
    return {"experiment_id": workspace.experiments.create(fields.needed("name"), tags).id}


def get(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return an experiment."""
    return {"experiment": experiment_json(workspace.experiments.get(fields.needed("experiment_id")))}


def get_by_name(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return an experiment by its name."""
    return {"experiment": experiment_json(workspace.experiments.named(fields.needed("experiment_name")))}


def search(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of experiments."""
    limit = fields.integer("max_results")
    query = experiment_query(
        filter_text=fields.text("filter"),
        order_by=fields.texts("order_by"),
        view=fields.choice("view_type", View) or View.ACTIVE_ONLY,
        token=fields.text("page_token"),
        limit=1_000 if limit is None else limit,
    )
    page = workspace.experiments.search(query)
    return page_json("experiments", [experiment_json(experiment) for experiment in page.items], page.next_token)


def rename(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Give an experiment another name."""
    workspace.experiments.rename(fields.needed("experiment_id"), fields.needed("new_name"))
    return {}


def delete(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete an experiment; it can be restored."""
    workspace.experiments.delete(fields.needed("experiment_id"))
    return {}


def restore(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Bring an experiment back."""
    workspace.experiments.restore(fields.needed("experiment_id"))
    return {}


def set_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Set a tag of an experiment."""
    workspace.experiments.set_tag(fields.needed("experiment_id"), fields.needed("key"), fields.text("value"))
    return {}


def delete_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a tag of an experiment."""
    workspace.experiments.delete_tag(fields.needed("experiment_id"), fields.needed("key"))
    return {}


ENDPOINTS = (
    Endpoint("POST", "experiments/create", create),
    Endpoint("GET", "experiments/get", get),
    Endpoint("GET", "experiments/get-by-name", get_by_name),
    Endpoint("GET", "experiments/search", search),
    Endpoint("POST", "experiments/search", search),
    Endpoint("GET", "experiments/list", search),
    Endpoint("POST", "experiments/update", rename),
    Endpoint("POST", "experiments/delete", delete),
    Endpoint("POST", "experiments/restore", restore),
    Endpoint("POST", "experiments/set-experiment-tag", set_tag),
    Endpoint("POST", "experiments/delete-experiment-tag", delete_tag),
)

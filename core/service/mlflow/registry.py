"""The protocol's acts on registered models and their versions."""

from collections.abc import Mapping
from typing import Any

from core.modelling.tracking.limits import KEY_CHARACTERS, checked_key, within
from core.modelling.tracking.registry import (
    TEXT_CHARACTERS,
    RegisteredModel,
    RegisteredVersion,
    checked_stage,
    checked_version,
)
from core.modelling.tracking.search.models import MODEL_VERSIONS, REGISTERED_MODELS, model_query
from core.modelling.tracking.search.query import Query
from core.modelling.tracking.search.vocabulary import Vocabulary
from core.service.mlflow.answers import page_json, pairs
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.workspace.registry import NewVersion
from core.workspace.workspace import Workspace


def create(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Create a model."""
    name, description, tags = fields.needed("name"), _description(fields), _tags(fields)
    return {"registered_model": model_json(workspace.registry.create(name, description, tags))}


def get(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a model."""
    return {"registered_model": model_json(workspace.registry.get(fields.needed("name")))}


def rename(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Give a model another name."""
    return {"registered_model": model_json(workspace.registry.rename(fields.needed("name"), fields.needed("new_name")))}


def update(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Change the description of a model."""
    model = workspace.registry.describe(fields.needed("name"), _description(fields))
    return {"registered_model": model_json(model)}


def delete(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a model with its versions."""
    workspace.registry.delete(fields.needed("name"))
    return {}


def search(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of models."""
    page = workspace.registry.search(_query(fields, REGISTERED_MODELS, 100))
    return page_json("registered_models", [model_json(model) for model in page.items], page.next_token)


def latest_versions(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return the newest version in each of some stages."""
    stages = {checked_stage(stage) for stage in fields.texts("stages")}
    found = workspace.registry.get(fields.needed("name")).latest
    return {"model_versions": [version_json(of) for of in found if not stages or of.stage in stages]}


def set_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Set a tag of a model."""
    workspace.registry.set_tag(fields.needed("name"), _tag(fields))
    return {}


def delete_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a tag of a model."""
    workspace.registry.delete_tag(fields.needed("name"), fields.needed("key"))
    return {}


def set_alias(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Let an alias stand for a version."""
    workspace.registry.set_alias(fields.needed("name"), fields.needed("alias"), _version(fields))
    return {}


def delete_alias(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete an alias."""
    workspace.registry.delete_alias(fields.needed("name"), fields.needed("alias"))
    return {}


def by_alias(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return the version that an alias stands for."""
    return {"model_version": version_json(workspace.registry.aliased(fields.needed("name"), fields.needed("alias")))}


def create_version(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Register a version."""
    new = NewVersion(
        name=fields.needed("name"),
        source=fields.needed("source"),
        run_id=fields.text("run_id"),
        run_link=within(fields.text("run_link"), TEXT_CHARACTERS, "The link of a run"),
        model_id=fields.text("model_id"),
        description=_description(fields),
        tags=_tags(fields),
    )
    return {"model_version": version_json(workspace.registry.register(new))}


def get_version(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a version."""
    return {"model_version": version_json(workspace.registry.version(fields.needed("name"), _version(fields)))}


def update_version(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Change the description of a version."""
    name, version, description = fields.needed("name"), _version(fields), _description(fields)
    return {"model_version": version_json(workspace.registry.describe_version(name, version, description))}


def move_version(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Move a version to a stage."""
    name, version, stage = fields.needed("name"), _version(fields), checked_stage(fields.needed("stage"))
    archive = fields.flag("archive_existing_versions", default=False)
    return {"model_version": version_json(workspace.registry.move(name, version, stage, archive=archive))}


def delete_version(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a version."""
    workspace.registry.delete_version(fields.needed("name"), _version(fields))
    return {}


def search_versions(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of versions."""
    page = workspace.registry.search_versions(_query(fields, MODEL_VERSIONS, 10_000))
    return page_json("model_versions", [version_json(version) for version in page.items], page.next_token)


def download_uri(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return the address of a version's files."""
    return {"artifact_uri": workspace.registry.version(fields.needed("name"), _version(fields)).storage}


def set_version_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Set a tag of a version."""
    workspace.registry.set_version_tag(fields.needed("name"), _version(fields), _tag(fields))
    return {}


def delete_version_tag(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Delete a tag of a version."""
    workspace.registry.delete_version_tag(fields.needed("name"), _version(fields), fields.needed("key"))
    return {}


def model_json(model: RegisteredModel) -> dict[str, Any]:
    """Return a registered model."""
    return {
        "name": model.name,
        "creation_timestamp": model.created_ms,
        "last_updated_timestamp": model.updated_ms,
        "description": model.description,
        "latest_versions": [version_json(version) for version in model.latest],
        "tags": pairs(model.tags),
        "aliases": [{"alias": alias, "version": str(version)} for alias, version in model.aliases.items()],
    }


def version_json(version: RegisteredVersion) -> dict[str, Any]:
    """Return a version: what is registered is always ready."""
    return {
        "name": version.name,
        "version": str(version.version),
        "creation_timestamp": version.created_ms,
        "last_updated_timestamp": version.updated_ms,
        "current_stage": version.stage.value,
        "description": version.description,
        "source": version.source,
        "run_id": version.run_id,
        "run_link": version.run_link,
        "model_id": version.model_id,
        "status": "READY",
        "tags": pairs(version.tags),
        "aliases": list(version.aliases),
    }


def _query(fields: Fields, vocabulary: Vocabulary, most: int) -> Query:
    limit = fields.integer("max_results")
    return model_query(
        vocabulary,
        filter_text=fields.text("filter"),
        order_by=fields.texts("order_by"),
        token=fields.text("page_token"),
        limit=most if limit is None else limit,
    )


def _version(fields: Fields) -> int:
    return checked_version(fields.needed("version"))


def _description(fields: Fields) -> str:
    return within(fields.text("description"), TEXT_CHARACTERS, "A description")


def _tag(fields: Fields) -> dict[str, str]:
    key = within(checked_key(fields.needed("key"), "tag"), KEY_CHARACTERS, "A tag's name")
    return {key: within(fields.text("value"), TEXT_CHARACTERS, f"The tag {key!r}")}


def _tags(fields: Fields) -> dict[str, str]:
    return {key: value for tag in fields.messages("tags") for key, value in _tag(tag).items()}


ENDPOINTS = (
    Endpoint("POST", "registered-models/create", create),
    Endpoint("GET", "registered-models/get", get),
    Endpoint("POST", "registered-models/rename", rename),
    Endpoint("PATCH", "registered-models/update", update),
    Endpoint("DELETE", "registered-models/delete", delete),
    Endpoint("GET", "registered-models/search", search),
    Endpoint("GET", "registered-models/list", search),
    Endpoint("GET", "registered-models/get-latest-versions", latest_versions),
    Endpoint("POST", "registered-models/get-latest-versions", latest_versions),
    Endpoint("POST", "registered-models/set-tag", set_tag),
    Endpoint("DELETE", "registered-models/delete-tag", delete_tag),
    Endpoint("POST", "registered-models/alias", set_alias),
    Endpoint("DELETE", "registered-models/alias", delete_alias),
    Endpoint("GET", "registered-models/alias", by_alias),
    Endpoint("POST", "model-versions/create", create_version),
    Endpoint("GET", "model-versions/get", get_version),
    Endpoint("PATCH", "model-versions/update", update_version),
    Endpoint("POST", "model-versions/transition-stage", move_version),
    Endpoint("DELETE", "model-versions/delete", delete_version),
    Endpoint("GET", "model-versions/search", search_versions),
    Endpoint("GET", "model-versions/get-download-uri", download_uri),
    Endpoint("POST", "model-versions/set-tag", set_version_tag),
    Endpoint("DELETE", "model-versions/delete-tag", delete_version_tag),
)

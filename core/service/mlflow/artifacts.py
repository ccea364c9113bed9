"""The protocol's acts on files that speak JSON: lists, and what this server can do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.modelling.tracking.artifact import Entry
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.service.mlflow.runs import run_id_of
from core.workspace.workspace import Workspace


def of_run(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return what lies in a folder of a run."""
    place = workspace.files.of_run(run_id_of(fields), fields.text("path"))
    return {
        "root_uri": replace(place, path="").uri,
        "files": [entry_json(entry) for entry in workspace.files.list(place)],
    }


def server_info(_workspace: Workspace, _: Fields) -> Mapping[str, Any]:
    """Return what a client may make use of: large files may come in parts, and are read in one."""
    return {"store_type": "SqlStore", "multipart_uploads_enabled": True, "multipart_downloads_enabled": False}


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return a line of a list."""
    if entry.size is None:
        return {"path": entry.path, "is_dir": True}
    return {"path": entry.path, "is_dir": False, "file_size": entry.size}


ENDPOINTS = (Endpoint("GET", "artifacts/list", of_run), Endpoint("GET", "server-info", server_info))

"""The import of an MLflow's models: logged ones and registered ones, as MLflow reads them, once, and never opened."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotFound
from core.modelling.tracking.artifact import joined, place_of_uri
from core.modelling.tracking.importing.opening import open_source
from core.modelling.tracking.logged_model import VERSIONS_TAG
from core.modelling.tracking.logged_run import ModelLink
from core.modelling.tracking.search.models import MODEL_VERSIONS, logged_model_query, model_query
from core.modelling.tracking.search.query import run_query
from core.workspace.importing import Wishes
from core.workspace.importing_models import IMPORTED_TAG, Imported
from core.workspace.registry import NewVersion
from core.workspace.workspace import Workspace
from tests.workspace.mlflow_stores import KINDS, Copied, Stores, copied, mlflow, workspace, written

__all__ = ["copied", "workspace"]  # pytest finds fixtures here by their names


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Stores that MLflow wrote, and what it reads from them."""
    return written("write models", tmp_path_factory.mktemp("stores"))


def bring(workspace: Workspace, path: Path) -> Imported:
    with closing(open_source(str(path), {})) as source:
        return workspace.imports.bring(source, Wishes(), lambda _: None)


def here(workspace: Workspace) -> dict[str, Any]:
    experiment = workspace.experiments.named("First").id
    models = workspace.models.search(logged_model_query(limit=100), [experiment]).items
    versions = workspace.registry.search_versions(model_query(MODEL_VERSIONS, limit=100)).items
    registered = [workspace.registry.get(name) for name in ("Fraud", "Empty")]
    return {
        "models": {one.id: _model(one) for one in models},
        "registered": {
            one.name: [one.description, _without(one.tags, IMPORTED_TAG), dict(one.aliases)] for one in registered
        },
        "versions": {
            f"{one.name} {one.version}": [one.stage.value, one.description, one.tags, one.run_id] for one in versions
        },
    }


def _model(one: Any) -> list[Any]:
    latest = sorted(
        [m.point.key, m.point.dataset_name, m.point.step, repr(m.point.value), m.run_id] for m in one.metrics
    )
    status = one.status.value.removeprefix("LOGGED_MODEL_")
    return [one.name, one.type, status, one.source_run_id, one.params, _without(one.tags, VERSIONS_TAG), latest]


def _without(tags: Any, begins: str) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith(begins)}


def content(workspace: Workspace, version: int) -> str:
    place = place_of_uri(workspace.registry.version("Fraud", version).storage)
    return workspace.files.find(replace(place, path=joined(place.path, "MLmodel")))[1].read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_models_and_versions_come_as_mlflow_reads_them(stores: Stores, workspace: Workspace, kind: str) -> None:
    path, expected = stores[kind]
    brought = bring(workspace, path)
    found = here(workspace)
    assert found["models"] == expected["models"]
    assert found["registered"] == expected["registered"]
    run = expected["versions"]["Fraud 1"][3]  # of a copy, MLflow does not say which run it comes from
    copy = [*expected["versions"]["Fraud 3"][:3], run]
    assert found["versions"] == {**expected["versions"], "Fraud 3": copy}
    assert (brought.models, brought.registered, brought.versions) == (2, 2, 3)
    assert not brought.left_out
    assert [content(workspace, number) for number in (1, 2, 3)] == ["of net", "of run", "of net"]
    net = workspace.registry.version("Fraud", 1).model_id
    assert expected["models"][net][0] == "net"
    noted = json.loads(workspace.models.get(net).tags[VERSIONS_TAG])
    assert noted == [{"name": "Fraud", "version": 1}, {"name": "Fraud", "version": 3}]
    experiment = workspace.experiments.named("First").id
    runs = {one.name: one for one in workspace.tracking.search(run_query(limit=9), [experiment]).items}
    assert runs["whole"].model_outputs == [ModelLink(net, 3)]
    assert runs["reader"].model_inputs == [ModelLink(net)]


@pytest.mark.parametrize(
    ("kind", "workspace"), [("database", "postgres"), ("folder", "sqlite")], indirect=["workspace"]
)
def test_again_it_brings_what_is_new_and_what_was_done_here_stays(
    copied: Copied, workspace: Workspace, kind: str
) -> None:
    path, _ = copied(kind)
    bring(workspace, path)
    before = here(workspace)
    again = bring(workspace, path)
    assert (again.models, again.registered, again.versions, again.files) == (0, 0, 0, 0)
    assert here(workspace) == before
    workspace.registry.delete_version("Fraud", 3)
    after = mlflow("go on models", f"sqlite:///{path}" if kind == "database" else str(path), path.parent)
    grown = bring(workspace, path)
    assert (grown.models, grown.versions, grown.taken, grown.unplaced, grown.aliases_kept) == (0, 1, 0, 0, 1)
    found = here(workspace)
    assert set(found["versions"]) == {"Fraud 1", "Fraud 2", "Fraud 5"}
    assert found["versions"]["Fraud 2"] == after["versions"]["Fraud 2"]
    assert found["versions"]["Fraud 1"][2] == {"t": "1", "u": "new"}
    assert found["registered"]["Fraud"][2] == {"champion": 1, "challenger": 2}
    assert workspace.registry.version("Fraud", 5).storage == workspace.registry.version("Fraud", 2).storage
    assert {one[2] for one in found["models"].values()} == {"READY", "UPLOAD_FAILED"}


@pytest.mark.parametrize("models", [1, 2])
def test_an_import_that_was_cut_off_goes_on_with_models(stores: Stores, workspace: Workspace, models: int) -> None:
    path, expected = stores["folder"]

    def cut(brought: Imported) -> None:
        if brought.models == models:
            raise InterruptedError

    with closing(open_source(str(path), {})) as source, pytest.raises(InterruptedError):
        workspace.imports.bring(source, Wishes(), cut)
    rest = bring(workspace, path)
    assert (rest.models, rest.registered, rest.versions) == (2 - models, 2, 3)
    assert here(workspace)["models"] == expected["models"]


def test_a_name_and_a_number_that_are_taken_here_are_left_alone(copied: Copied, workspace: Workspace) -> None:
    path, _ = copied("database")
    workspace.registry.create("Fraud")
    bring(workspace, path)
    assert not workspace.registry.get("Fraud").latest
    source = workspace.registry.version("Fraud (imported)", 2).storage
    made = workspace.registry.register(NewVersion(name="Fraud (imported)", source=source))
    assert made.version == 4
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE model_versions SET current_stage = 'None', creation_time = 5 WHERE version = 4")
        connection.commit()
    assert bring(workspace, path).taken == 1
    assert workspace.registry.version("Fraud (imported)", 4) == made


def test_no_address_of_a_version_is_opened_and_odd_ones_are_left_out(copied: Copied, workspace: Workspace) -> None:
    path, expected = copied("database")
    net = next(model_id for model_id, one in expected["models"].items() if one[0] == "net")
    addresses = [
        "/etc/passwd",
        "file:///etc",
        "s3://bucket/model",
        f"models:/{net}/../../etc",
        f"models:/{'m-' + '0' * 32}",
        f"/x/models/{net}/artifacts/a/../b",
        f"/x/models/{net}/artifacts/%2e%2e",
        "runs:/" + "0" * 32 + "/x",
        "http://elsewhere/x",
    ]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM model_versions")
        rows = [("Fraud", number, address) for number, address in enumerate(addresses, start=1)]
        columns = "name, version, source, creation_time, current_stage"
        connection.executemany(f"INSERT INTO model_versions ({columns}) VALUES (?, ?, ?, 1, 'None')", rows)
        connection.execute("INSERT INTO registered_models (name, creation_time) VALUES ('../up', 1)")
        connection.execute("UPDATE logged_models SET model_id = '../../etc' WHERE name = 'arriving'")
        connection.execute("UPDATE registered_model_aliases SET alias = 'v3'")
        connection.commit()
    brought = bring(workspace, path)
    assert (brought.versions, brought.unplaced) == (0, len(addresses))
    assert brought.left_out == {"logged models": 1, "registered models": 1, "aliases": 1}


def test_a_prompt_is_no_model(copied: Copied, workspace: Workspace) -> None:
    path, _ = copied("database")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO registered_models (name, creation_time) VALUES ('greeting', 1)")
        tag = "(name, key, value) VALUES ('greeting', 'mlflow.prompt.is_prompt', 'true')"
        connection.execute(f"INSERT INTO registered_model_tags {tag}")
        connection.commit()
    brought = bring(workspace, path)
    assert (brought.registered, brought.left_out) == (2, {})
    with pytest.raises(NotFound):
        workspace.registry.get("greeting")


def test_a_database_from_before_models_is_imported_without_them(copied: Copied, workspace: Workspace) -> None:
    path, _ = copied("database")
    with closing(sqlite3.connect(path)) as connection:
        for table in ("logged_models", "model_versions"):
            connection.execute(f"DROP TABLE {table}")
    brought = bring(workspace, path)
    assert (brought.runs, brought.models, brought.registered) == (2, 0, 0)

"""A script that logs to MLflow logs to Fullcircle, unchanged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.people.actor import Actor, Role
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.service.mlflow.conftest import Server

SCRIPT = Path(__file__).parent / "training_script.py"
LOGGED = {
    "children": ["child"],
    "status": "FINISHED",
    "auc": 0.9,
    "params": {"depth": "6", "rate": "0.1"},
    "note": "it's done",
    "steps": [1, 2],
    "experiments": ["Default", "unchanged"],
}


def trained(python: str | Path, address: str, script: Path = SCRIPT) -> dict[str, Any]:
    """Run a script with an interpreter, told nothing but where to log to."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": address, "MLFLOW_TRACKING_TOKEN": "any"}
    done = subprocess.run([python, script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_script_logs_unchanged(tmp_path: Path) -> None:
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        said = trained(sys.executable, server.address)
        assert {name: said[name] for name in LOGGED} == LOGGED
    finally:
        server.close()


def test_what_is_not_kept_is_told_in_a_sentence_and_the_script_goes_on(server: Server) -> None:
    said = trained(sys.executable, server.address, SCRIPT.with_name("beyond_script.py"))
    assert (said["metrics"], said["status"], said["models"]) == ({"doubled": 42.0}, "FINISHED", [])
    assert "keeps no traces" in said["traces"]
    assert "mlflow.tracing.disable()" in said["traces"]
    assert "models and no prompts" in said["prompts"]
    assert "mlflow.log_input" in said["datasets"]


def test_a_project_is_named_by_a_tag(server: Server) -> None:
    flights = server.workspace.projects.begin("Flights")
    for named, project in ((flights.slug, flights.id), (flights.id, flights.id), ("nobody's", None)):
        tags = [{"key": "fullcircle.project", "value": named}]
        made = server.post("experiments/create", {"name": f"of {named}", "tags": tags}).json()["experiment_id"]
        assert server.workspace.experiments.get(made).project_id == project
    moved = {"experiment_id": made, "key": "fullcircle.project", "value": flights.slug}
    server.post("experiments/set-experiment-tag", moved)
    assert server.workspace.experiments.get(made).project_id == flights.id
    server.post("experiments/delete-experiment-tag", moved)
    assert server.workspace.experiments.get(made).project_id is None


@pytest.mark.parametrize("role", ["viewer", "contributor"])
def test_what_a_role_may_not_do_is_refused(tmp_path: Path, role: str) -> None:
    server = Server(Settings(home=tmp_path, database_url=None))
    server.workspace.close()
    server.workspace = Workspace.open(
        Settings(home=tmp_path, database_url=None), Actor(id="a", name="A", role=Role(role))
    )
    try:
        answer = server.post("runs/create", {})
        assert answer.status_code == (403 if role == "viewer" else 200)
        assert role != "viewer" or answer.json()["error_code"] == "PERMISSION_DENIED"
        assert server.get("experiments/get", experiment_id="0").status_code == 200
    finally:
        server.close()

"""Stores that MLflow's own code wrote, for the tests of their import."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.conftest import empty_database

KINDS = ["database", "folder"]
Stores = dict[str, tuple[Path, dict[str, Any]]]
Copied = Callable[[str], tuple[Path, dict[str, Any]]]


def mlflow(act: str, uri: str, within: Path, files: str = "") -> dict[str, Any]:
    """Carry out an act of ``tests.mlflow_store`` in a process and folder of its own; return what MLflow reads then."""
    environment = {
        **os.environ,
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_TRACKING_URI": uri,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    program = [sys.executable, "-m", "tests.mlflow_store", act, uri, files]
    done = subprocess.run(program, capture_output=True, text=True, env=environment, timeout=120, check=True, cwd=within)
    return json.loads(done.stdout)


def written(act: str, folder: Path) -> Stores:
    """Return a database beside its files, and a folder, both filled by the act."""
    beside, alone = folder / "beside", folder / "alone"
    beside.mkdir()
    database = f"sqlite:///{beside / 'mlflow.db'}"
    return {
        "database": (beside / "mlflow.db", mlflow(act, database, folder, (beside / "mlruns").as_uri())),
        "folder": (alone / "mlruns", mlflow(act, str(alone / "mlruns"), folder)),
    }


@pytest.fixture
def copied(stores: Stores, tmp_path: Path) -> Copied:
    """A copy of a store, which a test may spoil."""

    def copy(kind: str) -> tuple[Path, dict[str, Any]]:
        path, expected = stores[kind]
        shutil.copytree(path.parent, tmp_path / kind)
        return tmp_path / kind / path.name, expected

    return copy


@pytest.fixture
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace, on PostgreSQL where the test's parameter says so."""
    on_postgres = getattr(request, "param", "sqlite") == "postgres"
    url = empty_database(request.getfixturevalue("postgres_url")) if on_postgres else None
    opened = Workspace.open(Settings(home=tmp_path / "home", database_url=url))
    yield opened
    opened.close()

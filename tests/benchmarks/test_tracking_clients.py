"""The same script with the whole of MLflow and with earlier clients, each in an environment of its own."""

from pathlib import Path

import pytest

from core.settings import Settings
from tests.operating.peers import python_of
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_training_script import LOGGED, trained


@pytest.mark.parametrize(
    ("name", "version"), [("MLflow", "3.18.0"), ("MLflow client", "3.16.1"), ("MLflow 2 client", "2.22.0")]
)
def test_the_script_logs_unchanged(tmp_path: Path, name: str, version: str) -> None:
    python = python_of(name)
    assert python is not None
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        said = trained(python.absolute(), server.address)
        assert {part: said[part] for part in LOGGED} == LOGGED
        assert said["version"] == version
    finally:
        server.close()

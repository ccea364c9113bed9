"""The same scripts with the whole of MLflow and with an earlier client, each in an environment of its own."""

from pathlib import Path

from core.settings import Settings
from tests.operating.peers import python_of
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_autolog import KEEPING, KEPT, SCRIPT, check_autologged
from tests.service.mlflow.test_training_script import trained


def test_autolog_logs_unchanged(tmp_path: Path) -> None:
    python = python_of("MLflow")
    assert python is not None
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        check_autologged(trained(python.absolute(), server.address, SCRIPT))
    finally:
        server.close()


def test_an_earlier_client_keeps_files_and_versions(tmp_path: Path) -> None:
    python = python_of("MLflow client")
    assert python is not None
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        said = trained(python.absolute(), server.address, KEEPING)
        assert {part: said[part] for part in KEPT} == KEPT
        assert said["version"] == "3.16.1"
    finally:
        server.close()

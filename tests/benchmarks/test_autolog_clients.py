"""The autolog script with the whole of MLflow, in an environment of its own."""

from pathlib import Path

from core.settings import Settings
from tests.operating.peers import python_of
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_autolog import SCRIPT, check_autologged
from tests.service.mlflow.test_training_script import trained


def test_autolog_logs_unchanged(tmp_path: Path) -> None:
    python = python_of("MLflow")
    assert python is not None
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        check_autologged(trained(python.absolute(), server.address, SCRIPT))
    finally:
        server.close()

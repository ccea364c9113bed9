"""Scripts that keep files and models with MLflow keep them here, unchanged; one of them by scikit-learn's autolog."""

import sys
from pathlib import Path
from typing import Any

from core.settings import Settings
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_training_script import trained

SCRIPT = Path(__file__).parent / "autolog_script.py"
KEEPING = Path(__file__).parent / "keeping_script.py"
KEPT = {
    "listed": ["deep", "large.bin", "small.bin"],
    "same": True,
    "models": ["clf"],
    "champion": "1",
    "registered": ["flights"],
}
SCORES = [f"training_{name}" for name in ("accuracy_score", "f1_score", "log_loss", "precision_score", "recall_score")]


def check_autologged(said: dict[str, Any]) -> None:
    """Check what the script tells."""
    assert (said["param"], said["inputs"], said["status"]) == ("0.5", ["dataset"], "READY")
    assert set(said["metrics"]) >= {*SCORES, "training_roc_auc", "training_score"}
    assert set(said["measured"]) >= set(SCORES)
    assert {"MLmodel", "requirements.txt"} < set(said["files"])
    assert [int(version) for version in said["versions"]] == [1, 2, 3]
    assert (said["predicted"], said["by run"]) == (True, True)


def test_autolog_logs_unchanged(tmp_path: Path) -> None:
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        check_autologged(trained(sys.executable, server.address, SCRIPT))
    finally:
        server.close()


def test_files_and_versions_are_kept_unchanged(tmp_path: Path) -> None:
    server = Server(Settings(home=tmp_path, database_url=None))
    try:
        said = trained(sys.executable, server.address, KEEPING)
        assert {part: said[part] for part in KEPT} == KEPT
    finally:
        server.close()

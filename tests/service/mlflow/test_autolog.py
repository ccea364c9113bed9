"""A script with scikit-learn's autolog logs, registers and loads its model here, unchanged."""

import sys
from pathlib import Path
from typing import Any

from core.settings import Settings
from tests.service.mlflow.conftest import Server
from tests.service.mlflow.test_training_script import trained

SCRIPT = Path(__file__).parent / "autolog_script.py"
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

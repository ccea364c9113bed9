"""Registering a run: the file to serve is compared with the trained model on the hold-out."""

from core.deployment.model_version import ModelVersion, Parity
from core.deployment.parity import check_parity
from core.modelling.onnx_model import OnnxModel
from core.modelling.run import Run
from core.workspace.workspace import Workspace


def register_run(workspace: Workspace, run: Run, name: str, *, key: str) -> ModelVersion:
    """Register a run under a name; the same key registers once."""
    return workspace.deployment.registered(run.id, name, parity_of(workspace, run), key=key)


def parity_of(workspace: Workspace, run: Run) -> Parity:
    """Return how closely the file to serve repeats the trained model."""
    model = OnnxModel.load(
        workspace.modelling.model_file(run), features=run.features, classes=run.classes, cut=run.parameters.get("cut")
    )
    return check_parity(model, workspace.modelling.holdout(run))

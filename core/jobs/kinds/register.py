"""Register a run: check that the file to serve repeats the trained model, then judge the gate."""

from core.deployment.model_version import ModelVersion, Parity
from core.deployment.parity import check_parity
from core.job import Job
from core.jobs.kind import JobKind
from core.modelling.onnx_model import OnnxModel
from core.modelling.run import Run
from core.workspace.workspace import Workspace


def register(workspace: Workspace, job: Job) -> None:
    """Score the hold-out with the file to serve, and record the version with its parity and its gate."""
    workspace.jobs.progress(job.id, 0.2, "scoring the hold-out with the file to serve")
    run = workspace.modelling.get(job.arguments["run_id"])
    version = register_run(workspace, run, job.arguments["name"], key=f"{job.id}:register")
    workspace.jobs.keep_result(job.id, {"version_id": version.id})


def register_run(workspace: Workspace, run: Run, name: str, *, key: str) -> ModelVersion:
    """Register a run under a name; the same key registers once."""
    return workspace.deployment.registered(run.id, name, parity_of(workspace, run), key=key)


def parity_of(workspace: Workspace, run: Run) -> Parity:
    """Return how closely the file to serve repeats the trained model."""
    model = OnnxModel.load(
        workspace.modelling.model_file(run), features=run.features, classes=run.classes, cut=run.parameters.get("cut")
    )
    return check_parity(model, workspace.modelling.holdout(run))


REGISTER = JobKind(name="register", title="Register", steps=(register,))

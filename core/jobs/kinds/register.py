"""Register a run: check that the file to serve repeats the trained model, then judge the gate."""

from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.registering import register_run
from core.workspace.workspace import Workspace


def register(workspace: Workspace, job: Job) -> None:
    """Score the hold-out with the file to serve, and record the version with its parity and its gate."""
    workspace.jobs.progress(job.id, 0.2, "scoring the hold-out with the file to serve")
    run = workspace.modelling.get(job.arguments["run_id"])
    version = register_run(workspace, run, job.arguments["name"], key=f"{job.id}:register")
    workspace.jobs.keep_result(job.id, {"version_id": version.id})


REGISTER = JobKind(name="register", title="Register", steps=(register,))

"""Back-test what could be done about a case, on the labels known today."""

from core.job import Job
from core.jobs.backtesting import backtest_case
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def weigh_options(workspace: Workspace, job: Job) -> None:
    """Measure each option on the newest labelled rows, fitted on earlier ones only."""
    workspace.jobs.progress(job.id, 0.2, "fitting each option on earlier rows")
    backtest_case(workspace, workspace.iteration.get(job.arguments["case_id"]))


BACKTEST = JobKind(name="backtest", title="Back-test options", steps=(weigh_options,))

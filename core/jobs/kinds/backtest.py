"""Back-test what could be done about a case, on the labels known today."""

from core.iteration.case import Case
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def weigh_options(workspace: Workspace, job: Job) -> None:
    """Measure each option on the newest labelled rows, fitted on earlier ones only."""
    backtest_case(workspace, workspace.iteration.get(job.arguments["case_id"]), job)


def backtest_case(workspace: Workspace, case: Case, job: Job) -> None:
    """Back-test a case's options and record them."""


BACKTEST = JobKind(name="backtest", title="Back-test options", steps=(weigh_options,))

"""Back-test what could be done about a case, on the labels known today."""

from core.errors import Conflict
from core.iteration.backtest import backtest, champion_of
from core.iteration.case import Case
from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.logged import champion_version, logged_rows
from core.scoping.criterion import Stage
from core.workspace.workspace import Workspace


def weigh_options(workspace: Workspace, job: Job) -> None:
    """Measure each option on the newest labelled rows, fitted on earlier ones only."""
    backtest_case(workspace, workspace.iteration.get(job.arguments["case_id"]), job)


def backtest_case(workspace: Workspace, case: Case, job: Job) -> None:
    """Back-test a case's options and record them.

    Raises
    ------
    Conflict
        The project has no replay clock, or the log holds too few labelled rows.
    """
    project = workspace.projects.get(case.project_id)
    champion = champion_version(workspace, project)
    rows = logged_rows(workspace, project, champion)
    if project.clock is None:
        raise Conflict("This project has no replay clock. Replay later data first; then compare the options.")
    workspace.jobs.progress(job.id, 0.9, f"back-testing on {rows.height:,} labelled rows")
    run = workspace.modelling.get(champion.run_id)
    criteria = [c for c in workspace.scoping.criteria(project.id) if c.applies(Stage.LIVE)]
    found = backtest(
        rows,
        project=project,
        champion=champion_of(run, workspace.modelling.holdout(run)),
        criteria=criteria,
        as_of=project.clock,
    )
    workspace.iteration.backtested(case.id, found)


BACKTEST = JobKind(name="backtest", title="Back-test options", steps=(weigh_options,))

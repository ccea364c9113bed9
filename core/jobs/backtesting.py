"""Back-testing the options of a case on what the champion has logged."""

from core.errors import Conflict
from core.iteration.backtest import backtest, champion_of
from core.iteration.case import Case
from core.jobs.logged import champion_version, logged_rows
from core.scoping.criterion import Stage
from core.workspace.workspace import Workspace


def backtest_case(workspace: Workspace, case: Case) -> None:
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
    run = workspace.modelling.get(champion.run_id)
    criteria = [c for c in workspace.scoping.agreed(project.id) if c.applies(Stage.LIVE)]
    found = backtest(
        rows,
        project=project,
        champion=champion_of(run, workspace.modelling.holdout(run)),
        criteria=criteria,
        as_of=project.clock,
    )
    workspace.iteration.backtested(case.id, found)

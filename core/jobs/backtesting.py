"""Back-testing the options of a case on what the champion has logged."""

from core.iteration.backtest import backtest, champion_of
from core.iteration.case import Case
from core.jobs.logged import champion_version, logged_rows, logged_until
from core.scoping.criterion import Stage
from core.workspace.workspace import Workspace


def backtest_case(workspace: Workspace, case: Case) -> None:
    """Back-test a case's options and record them.

    Raises
    ------
    Conflict
        The log holds too few labelled rows, or nothing was measured.
    """
    project = workspace.projects.get(case.project_id)
    champion = champion_version(workspace, project)
    rows = logged_rows(workspace, project, champion)
    run = workspace.modelling.get(champion.run_id)
    criteria = [c for c in workspace.scoping.agreed(project.id) if c.applies(Stage.LIVE)]
    found = backtest(
        rows,
        project=project,
        champion=champion_of(run, workspace.modelling.holdout(run)),
        criteria=criteria,
        as_of=logged_until(workspace, project),
    )
    workspace.iteration.backtested(case.id, found)

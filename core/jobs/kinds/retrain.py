"""Retrain for a case: rows from the log, the champion's recipe, both judged on the same rows that neither has seen."""

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from core.data.check import Beside
from core.deployment.model_version import ModelVersion
from core.errors import FullcircleError, InvalidInput
from core.iteration.backtest import JUDGE_DAYS
from core.iteration.case import Case
from core.job import Job
from core.jobs.checking import DroppedFile, check_file
from core.jobs.kind import JobKind
from core.jobs.logged import champion_version, logged_rows, logged_until
from core.jobs.registering import register_run
from core.jobs.training import train_one
from core.modelling.comparison import differences
from core.modelling.evaluation import evaluate
from core.modelling.run import Run, RunState
from core.monitoring.calendar import add_days
from core.scoping.criterion import Stage
from core.scoping.project import Project, Task, TaskKind
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace


def retrain(workspace: Workspace, job: Job) -> None:
    """Collect, fit, judge and register; each part is done once, however often the step runs."""
    case = workspace.iteration.get(job.arguments["case_id"])
    try:
        challenge(workspace, case, job)
    except FullcircleError:
        workspace.iteration.retraining_failed(case.id)
        raise


def challenge(workspace: Workspace, case: Case, job: Job) -> ModelVersion:
    """Make the case's challenger."""
    project = workspace.projects.get(case.project_id)
    champion = champion_version(workspace, project)
    workspace.jobs.progress(job.id, 0.05, "collecting logged rows and their labels")
    logged = logged_rows(workspace, project, champion)
    workspace.jobs.progress(job.id, 0.3, f"fitting on {logged.height:,} rows less the last {JUDGE_DAYS} days")
    run = _fit(workspace, project, case, logged, job)
    workspace.jobs.progress(job.id, 0.7, "judging both on the same held-out rows")
    _judge(workspace, case, run, logged)
    workspace.jobs.progress(job.id, 0.85, "checking the file to serve")
    version = register_run(workspace, run, champion.name, key=f"{job.id}:register")
    workspace.iteration.challenger_registered(case.id, version.id)
    return version


def _fit(workspace: Workspace, project: Project, case: Case, logged: pl.DataFrame, job: Job) -> Run:
    champion_run = workspace.modelling.get(champion_version(workspace, project).run_id)
    dataset_id = _dataset(workspace, project, logged, key=f"{job.id}:dataset")
    holdout_from = add_days(logged_until(workspace, project), -JUDGE_DAYS, project.zone)
    order = TrainingOrder(
        dataset_id=dataset_id,
        recipes=[champion_run.recipe],
        holdout_from=holdout_from,
        parameters=champion_run.parameters,
        purpose="retraining",
        case_id=case.id,
    )
    run = workspace.modelling.order(project.id, order, key=f"{job.id}:run")
    if run.state is not RunState.FINISHED:
        run = train_one(workspace, run, workspace.data.frame(workspace.data.get(dataset_id)))
    if run.state is not RunState.FINISHED:
        raise InvalidInput(f"The retraining did not work: {run.error}")
    return run


def _dataset(workspace: Workspace, project: Project, logged: pl.DataFrame, *, key: str) -> str:
    assert project.task is not None
    first, last = (logged["event_time"][end].astimezone(project.zone) for end in (0, -1))
    name = f"log {first:%-d %b %Y} to {last:%-d %b %Y}"
    with TemporaryDirectory() as folder:
        source, table = Path(folder) / "log.parquet", Path(folder) / "table.parquet"
        as_dataset(logged, project.task).write_parquet(source)
        file = DroppedFile(path=source, name=f"{name}.parquet")
        contract = workspace.contracts.in_force(project.id)
        checked = check_file(file, table, beside=Beside(label=project.task.target), contract=contract)
        return workspace.iteration.dataset_from_log(project.id, checked, name=name, key=key).id


def as_dataset(logged: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Return logged rows under the names that the project's data have."""
    target = pl.col("label_text").cast(pl.Float64) if task.kind is TaskKind.REGRESSION else pl.col("label_text")
    columns = [pl.col(name) for name in task.inputs]
    if task.entity:
        columns.append(pl.col("entity_id").alias(task.entity))
    if task.group and task.group not in task.inputs:
        columns.append(pl.col("block").alias(task.group))  # what the log does not hold: the day stands for it
    if task.time:
        columns.append(pl.col("event_time").dt.convert_time_zone(str(UTC)).alias(task.time))
    return logged.select(*columns, target.alias(task.target))


def _judge(workspace: Workspace, case: Case, run: Run, logged: pl.DataFrame) -> None:
    project = workspace.projects.get(case.project_id)
    assert project.task is not None
    kind = project.task.kind
    challenger = workspace.modelling.holdout(run).sort("entity_id")
    champion = logged.filter(pl.col("entity_id").is_in(challenger["entity_id"].implode())).sort("entity_id")
    criteria = [c for c in workspace.scoping.agreed(project.id) if c.applies(Stage.OFFLINE)]
    now = logged_until(workspace, project)
    workspace.iteration.challenged(
        case.id,
        run.id,
        champion=evaluate(champion, criteria, kind=kind, as_of=now),
        differences=differences(criteria, champion, challenger, kind=kind),
    )


RETRAIN = JobKind(name="retrain", title="Retrain", steps=(retrain,))

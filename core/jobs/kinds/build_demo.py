"""Build the flights project by the same acts that a person takes: nothing of it is shipped as a database."""

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import polars as pl

from core.data.check import Beside
from core.data.labels import label_texts
from core.frames.slice import Condition, Slice
from core.ids import new_id
from core.iteration.case import Choice
from core.job import Job
from core.jobs.backtesting import backtest_case
from core.jobs.checking import DroppedFile, check_file
from core.jobs.kind import JobKind
from core.jobs.registering import register_run
from core.jobs.replaying import Progress, replay_until
from core.jobs.training import train_one
from core.modelling.run import Run, RunState
from core.scoping.criterion import Criterion, Direction, Role, Stage
from core.scoping.project import Project, Task, TaskKind
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from sample_data import ARRIVALS, FLIGHTS
from sample_data.scoping import SCOPING

ZONE = ZoneInfo("America/New_York")
TASK = Task(
    kind=TaskKind.BINARY,
    target="late",
    inputs=(
        *("minute_of_day", "dow", "distance", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"),
        *("age", "seats", "carrier", "origin", "dest"),
    ),
    time="scheduled_at",
    entity="flight_id",
    positive="true",
)
CUT = {"cut": 0.3}

_REASONS: Mapping[str, str] = {
    "recall": "Of the flights that will be late, the desk must hear of nearly a third before departure.",
    "roc_auc": "The order of the list must be better than the timetable's.",
    "share_gap": "The desk plans staff by the predicted share: five points more or less are a shift.",
    "latency_p95": "The desk's screen waits for the answer.",
    "out_of_range": "A linear model guesses outside what it has seen. A monitor, never a gate: seasons change.",
}


def local(month: int, day: int) -> datetime:
    """Return the beginning of a day of 2013 in New York, UTC."""
    return datetime(2013, month, day, tzinfo=ZONE).astimezone(UTC)


LIVE_FROM = local(4, 1)
FIRST_WINDOW_ENDS = local(4, 16)
STANDS_AT = local(7, 2)


def scope(workspace: Workspace, job: Job) -> None:
    """Begin the project at the end of 28 February 2013; write and sign its documents and criteria."""
    with _stage(workspace, job, "scoping", 0.02):
        project = _begin(workspace)
        if workspace.scoping.criteria(project.id):
            return
        for kind, answers in SCOPING.items():
            workspace.scoping.write(project.id, kind, answers)
        workspace.scoping.agree(project.id, _criteria(project))
        for kind in ("goals", "data_definition"):
            workspace.scoping.sign(project.id, kind)


def bring_data(workspace: Workspace, job: Job) -> None:
    """Check and accept January to March; keep April to December as the data that come later."""
    with _stage(workspace, job, "data", 0.06):
        project = _project(workspace)
        if project.clock is None or project.clock < LIVE_FROM:
            project = workspace.projects.set_clock(project.id, LIVE_FROM)
        if not workspace.thread.life(project.id).accepted:
            _accept_first_quarter(workspace, project, job)
        _agree_on_a_contract(workspace, project)
        if workspace.thread.life(project.id).replay is None:
            rows, labels = _later()
            workspace.replays.offer(project.id, rows, labels, window_anchor=FIRST_WINDOW_ENDS)


def model(workspace: Workspace, job: Job) -> None:
    """Train a baseline and two models on January and February; March is held out."""
    with _stage(workspace, job, "modelling", 0.15):
        project = _project(workspace)
        dataset = workspace.thread.life(project.id).accepted
        assert dataset is not None
        frame = workspace.data.frame(dataset)
        for recipe in ("majority", "logistic", "boosting"):
            order = TrainingOrder(dataset_id=dataset.id, recipes=[recipe], holdout_from=local(3, 1), parameters=CUT)
            run = workspace.modelling.order(project.id, order, key=f"{job.id}:{recipe}")
            if run.state is not RunState.FINISHED:
                train_one(workspace, run, frame)


def release(workspace: Workspace, job: Job) -> None:
    """Register both models, approve the simpler one and put it into service with the other as its shadow."""
    with _stage(workspace, job, "deployment", 0.35):
        project = _project(workspace)
        runs = {run.recipe: run for run in workspace.modelling.runs(project.id)}
        simple, shadow = (_registered(workspace, job, runs[recipe]) for recipe in ("logistic", "boosting"))
        if workspace.deployment.current(project.id) is None:
            workspace.deployment.approve(simple, reason="A tie on the hold-out: the simpler one is easier to explain.")
            workspace.deployment.deploy(simple, shadows=(shadow,), reason="First release; boosting listens in.")


def run_april(workspace: Workspace, job: Job) -> None:
    """Replay April; recall falls, a case is opened, and waiting is decided."""
    with _stage(workspace, job, "monitoring, April", 0.45):
        project = _project(workspace)
        replay_until(workspace, project.id, local(4, 30), _within(workspace, job, 0.45, 0.15))
        life = workspace.thread.life(project.id)
        if life.cases:
            return
        keys = {c.id: c.key for c in life.criteria}
        onset = next(alert for alert in life.open_alerts if keys[alert.criterion_id] == "K1")
        case = workspace.iteration.open_case(onset.id)
        workspace.iteration.decide(
            case.id,
            Choice.WAIT,
            "Controllers were furloughed from 21 to 27 April; delays of that week are theirs. It should pass.",
        )


def run_to_july(workspace: Workspace, job: Job) -> None:
    """Replay May and June; the post-check of 13 May fails, the case opens again."""
    with _stage(workspace, job, "monitoring, May and June", 0.6):
        replay_until(workspace, _project(workspace).id, STANDS_AT, _within(workspace, job, 0.6, 0.3))


def weigh(workspace: Workspace, job: Job) -> None:
    """Back-test what could be done about the case on the labels known on 1 July."""
    with _stage(workspace, job, "iteration", 0.9):
        case = workspace.iteration.cases(_project(workspace).id)[-1]
        backtest_case(workspace, case)


@contextmanager
def _stage(workspace: Workspace, job: Job, name: str, share: float) -> Generator[None]:
    workspace.jobs.progress(job.id, share, name)
    begun = time.perf_counter()
    yield
    print(f"stage {name}: {time.perf_counter() - begun:.1f} s", flush=True)  # noqa: T201 - the terminal shows it


def _within(workspace: Workspace, job: Job, begins: float, length: float) -> Progress:
    """Return a progress that fills the part ``[begins, begins + length]`` of the job's."""
    return lambda share, words: workspace.jobs.progress(job.id, begins + share * length, words)


def _begin(workspace: Workspace) -> Project:
    found = [project for project in workspace.projects.all() if project.slug == "flights"]
    return (
        found[0]
        if found
        else workspace.projects.begin("Late flights", slug="flights", task=TASK, time_zone=str(ZONE), clock=local(3, 1))
    )


def _project(workspace: Workspace) -> Project:
    return workspace.projects.get("flights")


def _criteria(project: Project) -> list[Criterion]:
    both, live = (Stage.OFFLINE, Stage.LIVE), (Stage.LIVE,)
    jfk = Slice(conditions=(Condition(column="origin", operator="==", value="JFK"),))
    recall = _criterion(project, "recall", ">=", 0.30, both)
    recall = replace(recall, parameters=CUT)
    return [
        recall,
        replace(recall, slice=jfk, threshold=0.25),
        _criterion(project, "roc_auc", ">=", 0.65, both),
        _criterion(project, "share_gap", "within", 0.05, live),
        _criterion(project, "latency_p95", "<=", 50.0, both),
        replace(_criterion(project, "out_of_range", "<=", 0.05, live), role=Role.MONITOR),
    ]


def _criterion(
    project: Project, metric: str, direction: Direction, threshold: float, stages: tuple[Stage, ...]
) -> Criterion:
    return Criterion(
        id=new_id(),
        project_id=project.id,
        key="",
        metric=metric,
        parameters={},
        direction=direction,
        threshold=threshold,
        stages=stages,
        rationale=_REASONS[metric],
        created_at=project.created_at,
    )


def _accept_first_quarter(workspace: Workspace, project: Project, job: Job) -> None:
    arrivals = pl.read_parquet(ARRIVALS).select("flight_id", "late")
    flights = pl.read_parquet(FLIGHTS).filter(pl.col("scheduled_at") < LIVE_FROM)
    with TemporaryDirectory() as folder:
        source = Path(folder) / "flights-jan-mar.parquet"
        flights.join(arrivals, on="flight_id", how="left").write_parquet(source)
        version = workspace.data.open_version(project.id, source.name, key=f"{job.id}:dataset")
        file, table = DroppedFile(path=source, name=source.name), Path(folder) / "table.parquet"
        checked = check_file(file, table, beside=Beside(label="late"))
        workspace.data.checked(version.id, source, checked)
    workspace.data.accept(
        version.id, "Cancelled and diverted flights never get a label; they are left out of training."
    )


def _agree_on_a_contract(workspace: Workspace, project: Project) -> None:
    life = workspace.thread.life(project.id)
    if life.contract is None and life.accepted is not None:
        draft = life.contract_draft or workspace.contracts.infer(life.accepted.id)
        workspace.contracts.accept(draft.id, "As the first quarter was; ranges leave room for the seasons.")


def _later() -> tuple[pl.DataFrame, pl.DataFrame]:
    flights = pl.read_parquet(FLIGHTS).filter(pl.col("scheduled_at") >= LIVE_FROM)
    rows = flights.rename({"flight_id": "entity_id", "scheduled_at": "event_time"})
    arrivals = pl.read_parquet(ARRIVALS).join(flights.select("flight_id"), on="flight_id", how="semi")
    labels = arrivals.select(entity_id="flight_id", label=label_texts(arrivals["late"]), observed_at="arrived_at")
    return rows, labels


def _registered(workspace: Workspace, job: Job, run: Run) -> str:
    return register_run(workspace, run, "late-flights", key=f"{job.id}:register:{run.recipe}").id


BUILD_DEMO = JobKind(
    name="build_demo",
    title="Build the flights project",
    steps=(scope, bring_data, model, release, run_april, run_to_july, weigh),
)

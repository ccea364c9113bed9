"""Small projects taken as far as a test needs, by the acts and job steps that the product takes, without processes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import polars as pl

from core.data.profile import profile
from core.data.report import opened_copy
from core.deployment.model_version import ModelVersion
from core.job import Job
from core.jobs.kinds import JOB_KINDS
from core.jobs.replaying import measure
from core.jobs.sending import Target, hourly_requests
from core.lifecycle.life import Life
from core.modelling.first_task import choices, grouped, task_of
from core.modelling.onnx_model import OnnxModel
from core.monitoring.calendar import window_ends
from core.scoping.project import Project, Task
from core.spool import SpoolRecord
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace


def carry_out(workspace: Workspace, job: Job) -> Job:
    """Do a job here and now, as the worker would."""
    workspace.jobs.claim(job.id)
    for step in JOB_KINDS[job.kind].steps:
        step(workspace, workspace.jobs.get(job.id))
    workspace.jobs.finish(job.id)
    return workspace.jobs.get(job.id)


@dataclass(frozen=True)
class Small:
    """A project on its way through the phases."""

    workspace: Workspace
    project: Project

    @property
    def life(self) -> Life:
        return self.workspace.thread.life(self.project.id)


def begun(workspace: Workspace, csv: Path, task: Task, name: str = "Small", time_zone: str = "UTC") -> Small:
    """Start a project from a file; its first part waits for a decision."""
    project = workspace.projects.begin(name, task=task, time_zone=time_zone)
    arguments = {"path": str(csv), "file_name": csv.name}
    carry_out(workspace, workspace.jobs.request("adopt_file", "Start", project_id=project.id, arguments=arguments))
    return Small(workspace, workspace.projects.get(project.id))


def trained(small: Small, recipes: tuple[str, ...]) -> Small:
    """Sign the goals, accept the data, train."""
    workspace, project = small.workspace, small.project
    workspace.scoping.sign(project.id, "goals")
    workspace.data.accept(small.life.datasets[0].id)
    _, job = workspace.modelling.train(project.id, TrainingOrder(dataset_id=small.life.datasets[0].id, recipes=recipes))
    carry_out(workspace, job)
    return small


def serving(small: Small, recipe: str) -> Small:
    """Register one run, approve and deploy it."""
    workspace = small.workspace
    run = next(run for run in small.life.runs if run.recipe == recipe)
    carry_out(workspace, workspace.deployment.register(run.id, "small"))
    version = small.life.versions[0]
    workspace.deployment.approve(version.id, reason="A test says so.")
    workspace.deployment.deploy(version.id)
    return small


def replayed(small: Small, until: datetime | None = None) -> Small:
    """Replay later data: what the scorer would answer and log is scored here, labels and windows follow."""
    workspace, project_id = small.workspace, small.project.id
    source = workspace.replays.source(project_id)
    every = min(c.every_days for c in small.life.criteria_in_force)
    for end in window_ends(source.window_anchor, every, small.project.zone):
        source = workspace.replays.source(project_id)
        if until is not None and end > until:
            return small
        if end <= source.position:
            continue
        logged(small, workspace.replays.rows(source, source.position, end))
        workspace.replays.learn_labels(source, end)
        workspace.replays.advance(project_id, end)
        measure(workspace, project_id, end)
        if end >= source.ends:
            return small
    return small


def logged(small: Small, rows: pl.DataFrame) -> None:
    """Log what the scorer would answer to rows of inputs with ``entity_id`` and ``event_time``."""
    if not rows.is_empty():
        small.workspace.deployment.ship(list(answered(small, rows)), source="test")


def answered(small: Small, rows: pl.DataFrame):
    life = small.life
    assert life.champion is not None
    assert life.deployment is not None
    served = [life.champion, *(v for v in life.versions if v.id in life.deployment.shadow_ids)]
    models = {version.id: _model(small, version) for version in served}
    target = Target(
        url="",
        endpoint=life.deployment.endpoint,
        project_id=small.project.id,
        time_zone=small.project.time_zone,
        features=life.champion.features,
    )
    for number, request in enumerate(hourly_requests(rows, target), start=int(rows["event_time"].min().timestamp())):
        inputs = {tensor["name"]: tensor["data"] for tensor in request["inputs"]}
        answers = [
            {
                "variant": "champion" if version_id == life.champion.id else "shadow",
                "version_id": version_id,
                "score": list(scores.score),
                "predicted": list(scores.predicted),
            }
            for version_id, model in models.items()
            if (scores := model.score(inputs))
        ]
        body = {
            "endpoint": target.endpoint,
            "project_id": small.project.id,
            "request_id": request["id"],
            "revision": life.deployment.revision,
            "event_time": request["parameters"]["event_time"],
            "entity_ids": request["parameters"]["entity_ids"],
            "answered_at": datetime.now(UTC).isoformat(),
            "latency_ms": 2.0,
            "inputs": inputs,
            "answers": answers,
        }
        yield SpoolRecord(
            sequence=number,
            endpoint=target.endpoint,
            request_id=request["id"],
            payload_hash="",
            body=orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY),
        )


def _model(small: Small, version: ModelVersion) -> OnnxModel:
    run = small.life.run(version.run_id)
    assert run is not None
    return OnnxModel.load(
        small.workspace.modelling.model_file(run),
        features=version.features,
        classes=version.classes,
        cut=version.cut,
    )


def sklearn_csv(name: str, folder: Path) -> Path:
    """Write one of scikit-learn's data sets as a CSV with its target last."""
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    path = folder / f"{name}.csv"
    pl.from_pandas(frame).write_csv(path)
    return path


def guessed(csv: Path) -> Task:
    """Return the task that the page proposes: the first answer to each of its questions."""
    with opened_copy(csv) as (parquet, _):
        found = choices(profile(parquet))
    positive = found.positives[0] if found.positives else None
    task = task_of(found, target=found.targets[0], time=found.times[0], entity=found.entities[0], positive=positive)
    assert task is not None
    return grouped(task, found.groups[0])

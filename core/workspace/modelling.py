"""Modelling acts: ask for runs, record what they measured, compare them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import polars as pl

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import Conflict, InvalidInput, NotFound
from core.ids import new_id
from core.job import Job
from core.modelling.evaluation import evaluate
from core.modelling.holdout import fingerprint
from core.modelling.recipes import RECIPES
from core.modelling.run import LoggedOrigin, Run, RunState, Search
from core.modelling.training import TrainedModel
from core.scoping.criterion import Criterion, Stage, agreed
from core.scoping.project import Project, TaskKind
from core.workspace.act import Act, Desk, wall_time

MOST_SEEDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What to train: a dataset version, recipes, and from when on rows are held out.

    ``search`` looks for better parameters of each recipe first. ``seeds`` trains a recipe that leaves something to
    chance so many times.
    """

    dataset_id: str
    recipes: Sequence[str]
    holdout_from: datetime | None = None
    parameters: Mapping[str, Any] | None = None
    purpose: str = "development"
    case_id: str | None = None
    search: Search | None = None
    seeds: int = 1


class Modelling:
    """The runs of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def runs(self, project_id: str) -> list[Run]:
        """Return a project's runs, oldest first."""
        return self._desk.all(Run, project_id)

    def get(self, run_id: str) -> Run:
        """Return a run.

        Raises
        ------
        NotFound
            There is no such run.
        """
        return self._desk.one(Run, run_id)

    def train(self, project_id: str, order: TrainingOrder) -> tuple[list[Run], Job]:
        """Ask for runs; a job trains them one after the other.

        Raises
        ------
        Conflict
            The dataset version is not accepted, or the project does not say yet what it predicts.
        InvalidInput
            A recipe is unknown or does not fit the task.
        """
        with self._desk.act(project_id) as act:
            runs = _queue(act, order)
            arguments = {"run_ids": [run.id for run in runs]}
            return runs, act.request("train", f"Train {len(runs)} run{'s' * (len(runs) > 1)}", arguments)

    def order(self, project_id: str, order: TrainingOrder, *, key: str) -> Run:
        """Queue one run for a job that trains it itself."""
        with self._desk.act(project_id, key=key) as act:
            if done := act.done(Run):
                return done
            run = _queue(act, order)[0]
            act.records.remember(key, run.id)
            return run

    def started(self, run_id: str) -> Run:
        """Record that a run is being trained."""
        return self._change(run_id, state=RunState.RUNNING)

    def searched(self, run_id: str, search: Search) -> Run:
        """Record which settings a search tried for a run."""
        return self._change(run_id, search=search)

    def finished(self, run_id: str, trained: TrainedModel, origin: LoggedOrigin | None = None) -> Run:
        """Record what a run gave, and measure it against every criterion of the hold-out.

        ``origin`` says where it came from, if other code trained it.
        """
        return self._change(run_id, **self._results(self.get(run_id).project_id, trained), origin=origin)

    def measured(self, run: Run, trained: TrainedModel) -> Run:
        """Return a run that nobody has recorded yet, with what it gave and measured."""
        return replace(run, **self._results(run.project_id, trained))

    def failed(self, run_id: str, sentence: str) -> Run:
        """Record why a run could not be trained."""
        return self._change(run_id, state=RunState.FAILED, error=sentence, finished_at=wall_time())

    def cancelled(self, run_id: str) -> Run:
        """Record that a run was not trained because somebody asked its job to stop."""
        return self._change(run_id, state=RunState.CANCELLED, finished_at=wall_time())

    def holdout(self, run: Run) -> pl.DataFrame:
        """Return the hold-out rows of a run with their scores.

        Raises
        ------
        Conflict
            The run has not finished.
        """
        return self._table(run, run.predictions)

    def reference(self, run: Run) -> pl.DataFrame:
        """Return the training rows' inputs and blocks: what production is compared with.

        Raises
        ------
        Conflict
            The run has not finished.
        """
        return self._table(run, run.reference)

    def model_file(self, run: Run) -> bytes:
        """Return the ONNX file of a run.

        Raises
        ------
        Conflict
            The run has no model that could be served: it is a baseline, or has not finished.
        """
        if run.model is None:
            raise Conflict(f"{run.name} has no model to serve: it is a baseline, or has not finished.")
        return self._desk.storage.artifacts.read(run.model)

    def _take_fingerprints(self, project_id: str) -> None:
        """Take the fingerprint of what runs held out before one was kept: a new run is compared with them."""
        for run in self.runs(project_id):
            if run.predictions and run.holdout_hash is None:
                with suppress(NotFound):  # a store that was restored without its files still trains
                    self._change(run.id, holdout_hash=fingerprint(self.holdout(run)))

    def _table(self, run: Run, artifact: str | None) -> pl.DataFrame:
        if artifact is None:
            raise Conflict(f"{run.name} has not finished. Wait for it, or look at its job.")
        return pl.read_parquet(self._desk.storage.artifacts.path(artifact))

    def _project_and_criteria(self, project_id: str) -> tuple[Project, list[Criterion]]:
        project = self._desk.one(Project, project_id)
        criteria = agreed(self._desk.all(Criterion, project_id))
        return project, [c for c in criteria if c.applies(Stage.OFFLINE)]

    def _results(self, project_id: str, trained: TrainedModel) -> dict[str, Any]:
        artifacts = self._desk.storage.artifacts
        project, criteria = self._project_and_criteria(project_id)
        if project.task is None:
            raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
        self._take_fingerprints(project.id)
        return {
            "state": RunState.FINISHED,
            "parameters": trained.parameters,
            "train_from": trained.train_from,
            "holdout_from": trained.holdout_from,
            "train_rows": trained.train_rows,
            "holdout_rows": trained.holdout_rows,
            "holdout_blocks": trained.holdout["block"].n_unique(),
            "holdout_hash": fingerprint(trained.holdout),
            "evaluations": evaluate(trained.holdout, criteria, kind=project.task.kind, as_of=project.now(wall_time())),
            "features": trained.features,
            "classes": trained.classes,
            "model": artifacts.put_bytes(trained.onnx) if trained.onnx else None,
            "predictions": artifacts.put_bytes(_parquet(trained.holdout)),
            "reference": artifacts.put_bytes(_parquet(trained.reference)),
            "importance": trained.importance,
            "seconds": trained.seconds,
            "left_out": trained.left_out,
            "finished_at": wall_time(),
        }

    def _change(self, run_id: str, **changes: Any) -> Run:
        run = self.get(run_id)
        with self._desk.act(run.project_id) as act:
            changed = replace(act.records.get(Run, run_id), **changes)
            act.records.replace(changed)
            return changed


def _queue(act: Act, order: TrainingOrder) -> list[Run]:
    dataset = act.records.get(DatasetVersion, order.dataset_id)
    if dataset.state is not DatasetState.ACCEPTED:
        raise Conflict(f"{dataset.name} v{dataset.number} is not accepted. Accept it first; then train on it.")
    if act.project.task is None:
        raise Conflict(f"{act.project.name} does not say yet what it predicts. Define its task first.")
    parameters = agreed_cut(act) | dict(order.parameters or {})
    runs = [
        _new_run(act, replace(order, parameters=parameters | seed), recipe)
        for recipe in order.recipes
        for seed in _seeds(recipe, order.seeds)
    ]
    for run in runs:
        act.records.add(run)
    return runs


def _seeds(recipe: str, count: int) -> list[dict[str, Any]]:
    if not 1 <= count <= MOST_SEEDS:
        raise InvalidInput(f"A recipe is trained with 1 to {MOST_SEEDS} seeds, not {count}. Choose fewer.")
    known = RECIPES.get(recipe)
    if count == 1 or known is None or not known.seeded:
        return [{}]
    return [{"seed": seed} for seed in range(count)]


def agreed_cut(act: Act) -> dict[str, float]:
    """Return the cut that a criterion was agreed at: a model that decides elsewhere is judged on another thing."""
    if act.project.task is None or act.project.task.kind is not TaskKind.BINARY:
        return {}
    criteria = agreed(act.records.find(Criterion, project_id=act.project.id))
    cuts = [c.parameters["cut"] for c in criteria if "cut" in c.parameters]
    return {"cut": cuts[0]} if cuts else {}


def _new_run(act: Act, order: TrainingOrder, recipe: str) -> Run:
    known = RECIPES.get(recipe)
    task = act.project.task
    if known is not None and known.untrainable:
        raise InvalidInput(known.untrainable)
    if known is None or task is None or task.kind not in known.kinds:
        fitting = [name for name, entry in RECIPES.items() if task and task.kind in entry.kinds]
        raise InvalidInput(f"The recipe {recipe!r} does not fit this task. Choose from: {', '.join(fitting)}.")
    return Run(
        id=new_id(),
        project_id=act.project.id,
        dataset_id=order.dataset_id,
        recipe=recipe,
        name=known.title,
        purpose=order.purpose,
        parameters=dict(order.parameters or {}),
        search=order.search if known.spans else None,
        holdout_from=order.holdout_from,
        case_id=order.case_id,
        created_at=act.at,
        created_on=act.on,
    )


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()

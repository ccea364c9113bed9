"""Predictions that somebody uploads: judged like a run, by the labels of the accepted dataset."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from core.data.dataset import DatasetVersion
from core.data.report import opened_copy
from core.ids import new_id
from core.modelling.brought import Demand
from core.modelling.recipes.uploaded import UPLOADED
from core.modelling.run import Run
from core.modelling.split import labelled_rows
from core.modelling.training import DEFAULT_CUT, TrainedModel, class_names
from core.modelling.uploaded import scores_only
from core.people.actor import Permission
from core.scoping.criterion import Criterion, agreed
from core.scoping.project import Project, TaskKind
from core.workspace.act import Desk, wall_time
from core.workspace.data import Data
from core.workspace.logged_predictions import LoggedPredictions
from core.workspace.modelling import Modelling


class UploadedPredictions:
    """Files of scores, on their way to an evaluated run."""

    def __init__(self, desk: Desk, data: Data, predictions: LoggedPredictions, modelling: Modelling) -> None:
        self._desk = desk
        self._data = data
        self._predictions = predictions
        self._modelling = modelling

    def evaluate(self, project_id: str, file: Path, *, name: str) -> Run:
        """Measure a file of predictions against every criterion of the hold-out; what does not fit leaves nothing.

        Parameters
        ----------
        file
            A table with an id a row (``id``, ``entity_id`` or the project's own name) and ``score``; for several
            classes ``predicted``; where it has ``label``, that has to be the dataset's.
        name
            How the file is called.

        Raises
        ------
        Conflict
            The project has no accepted dataset, or does not say what it predicts.
        InvalidInput, UnreadableFile, RefusedFile
            The file cannot be read, or does not fit the dataset.
        """
        self._desk.actor.require(Permission.WRITE)
        version = self._predictions.accepted(project_id)
        scored = self._scored(file, version, name=name)
        run = Run(
            id=new_id(),
            project_id=project_id,
            dataset_id=version.id,
            recipe=UPLOADED.name,
            name=Path(name).stem or name,
            parameters=scored.parameters,
            created_at=wall_time(),
        )
        measured = self._modelling.measured(run, scored)
        with self._desk.act(project_id) as act:
            judged = replace(measured, created_on=act.on)
            act.records.add(judged)
            act.enter("run.uploaded", judged, name=judged.name, file=name, rows=judged.holdout_rows)
            return judged

    def _scored(self, file: Path, version: DatasetVersion, *, name: str) -> TrainedModel:
        project = self._desk.one(Project, version.project_id)
        task = project.task
        assert task is not None  # the dataset was accepted for it
        with opened_copy(file, name=name) as (table, _):
            predictions = pl.read_parquet(table)
        frame = self._data.frame(version)
        demand = Demand(
            task=task,
            classes=class_names(frame[task.target], task),
            cut=self._cut(project.id) if task.kind is TaskKind.BINARY else None,
            columns=task.inputs,
        )
        return scores_only(predictions, labelled_rows(frame, task, zone=project.zone), demand, name=name)

    def _cut(self, project_id: str) -> float:
        criteria = agreed(self._desk.all(Criterion, project_id))
        cuts = [c.parameters["cut"] for c in criteria if "cut" in c.parameters]
        return float(cuts[0]) if cuts else DEFAULT_CUT

"""Errors: where a run fails on its hold-out."""

from dataclasses import dataclass

import polars as pl

from core.errors import Conflict
from core.frames.slice import Slice
from core.metrics import METRICS
from core.modelling.run import Run
from core.modelling.slices.sides import worst_first
from core.modelling.slices.weak import WeakSlices, weak_slices
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Stage, agreed
from core.scoping.project import Project, TaskKind
from core.workspace.act import Desk
from core.workspace.modelling import Modelling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A criterion on the hold-out of a run."""

    project: Project
    run: Run
    criterion: Criterion
    kind: TaskKind


class Errors:
    """What a run's hold-out says beyond the figure itself. Rows are read when it is asked for."""

    def __init__(self, desk: Desk, modelling: Modelling) -> None:
        self._desk = desk
        self._modelling = modelling

    def weak(self, run_id: str, criterion_id: str) -> WeakSlices:
        """Return the slices in which a criterion's metric is worse than elsewhere; declared ones are the criteria's.

        Raises
        ------
        Conflict
            The run has not finished, or the criterion is not measured on labels.
        """
        asked = self._asked(run_id, criterion_id)
        criteria = agreed(self._desk.all(Criterion, asked.project.id))
        slices = {
            c.slice.hash: c.slice for c in criteria if c.applies(Stage.OFFLINE) and c.slice != asked.criterion.slice
        }
        holdout = self._modelling.holdout(asked.run)
        return weak_slices(asked.criterion, holdout, asked.run.features, asked.kind, tuple(slices.values()))

    def rows_of(self, run_id: str, criterion_id: str, inside: Slice) -> pl.DataFrame:
        """Return the rows of a slice that the criterion's metric is measured on, the worst first.

        Event times are in the project's zone.

        Raises
        ------
        Conflict
            The run has not finished, or the criterion is not measured on labels.
        """
        asked = self._asked(run_id, criterion_id)
        rows = worst_first(asked.criterion, self._modelling.holdout(asked.run), asked.run.features, asked.kind, inside)
        return rows.with_columns(pl.col("event_time").dt.convert_time_zone(asked.project.zone.key))

    def _asked(self, run_id: str, criterion_id: str) -> _Asked:
        self._desk.actor.require(Permission.READ)
        run, criterion = self._modelling.get(run_id), self._desk.one(Criterion, criterion_id)
        project = self._desk.one(Project, run.project_id)
        if project.task is None or METRICS[criterion.metric].needs != "labels":
            raise Conflict(f"{criterion.key} is not measured on labels, so no row of it is right or wrong.")
        return _Asked(project=project, run=run, criterion=criterion, kind=project.task.kind)

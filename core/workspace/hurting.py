"""Degradation: where a criterion's metric hurts in a window, and why it changed, against the champion's hold-out."""

from dataclasses import dataclass

import polars as pl

from core.deployment.model_version import ModelVersion
from core.errors import Conflict
from core.frames.slice import Slice
from core.metrics import METRICS
from core.modelling.slices.sides import worst_first
from core.monitoring.hurting.search import Hurting, where_it_hurts
from core.monitoring.hurting.waterfall import Waterfall, why_it_changed
from core.monitoring.window import Window
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.scoping.project import Project, TaskKind
from core.workspace.act import Desk
from core.workspace.monitoring import Monitoring


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A criterion on a window of production, and the version that answered in it."""

    window: Window
    criterion: Criterion
    version: ModelVersion
    kind: TaskKind


class Degradation:
    """What a window's labels say beyond the figure itself. Rows are read when it is asked for, and once."""

    def __init__(self, desk: Desk, monitoring: Monitoring) -> None:
        self._desk = desk
        self._monitoring = monitoring

    def where(self, window_id: str, criterion_id: str) -> Hurting:
        """Return the slices of a window in which a criterion's metric got worse by more than elsewhere.

        Raises
        ------
        Conflict
            The criterion is not measured on labels, or was not judged in this window.
        """
        asked = self._asked(window_id, criterion_id)
        holdout = self._monitoring.holdout(asked.version)
        return where_it_hurts(asked.criterion, holdout, self._rows(asked), asked.version.features, asked.kind)

    def why(self, window_id: str, criterion_id: str) -> Waterfall:
        """Return to what the change of a criterion's metric is owed.

        Raises
        ------
        Conflict
            The criterion is not measured on labels, or was not judged in this window.
        """
        asked = self._asked(window_id, criterion_id)
        holdout = self._monitoring.holdout(asked.version)
        return why_it_changed(asked.criterion, holdout, self._rows(asked), asked.version.features, asked.kind)

    def rows_of(self, window_id: str, criterion_id: str, inside: Slice) -> pl.DataFrame:
        """Return the rows of a window in a slice that the criterion's metric is measured on, the worst first.

        Event times are in the project's zone.

        Raises
        ------
        Conflict
            The criterion is not measured on labels, or was not judged in this window.
        """
        asked = self._asked(window_id, criterion_id)
        rows = worst_first(asked.criterion, self._rows(asked), asked.version.features, asked.kind, inside)
        zone = self._desk.one(Project, asked.window.project_id).zone.key
        return rows.with_columns(pl.col("event_time").dt.convert_time_zone(zone))

    def _asked(self, window_id: str, criterion_id: str) -> _Asked:
        self._desk.actor.require(Permission.READ)
        window, criterion = self._desk.one(Window, window_id), self._desk.one(Criterion, criterion_id)
        project, judged = self._desk.one(Project, window.project_id), window.judgement(criterion_id)
        if project.task is None or judged is None:
            raise Conflict(f"{criterion.key} was not judged in this window. Choose another.")
        if METRICS[criterion.metric].needs != "labels":
            raise Conflict(f"{criterion.key} is not measured on labels, so no row of it is right or wrong.")
        version = self._desk.one(ModelVersion, judged.model_version_id)
        return _Asked(window=window, criterion=criterion, version=version, kind=project.task.kind)

    def _rows(self, asked: _Asked) -> pl.DataFrame:
        window = asked.window
        rows = self._monitoring.rows(window.project_id, window.starts, window.ends, as_of=window.created_at)
        return rows.filter(pl.col("model_version_id") == asked.version.id)

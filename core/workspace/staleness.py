"""Would a fresher model do better? Both on the same rows of production, which neither was trained on."""

from dataclasses import dataclass

import polars as pl

from core.deployment.model_version import ModelVersion
from core.errors import Conflict
from core.metrics import METRICS
from core.modelling.comparison import Comparison, Yardstick, compare_runs
from core.modelling.onnx_model import OnnxModel
from core.modelling.preparation import input_columns
from core.modelling.run import Run
from core.monitoring.staleness import Trained, fresher, trained_to
from core.monitoring.window import Window
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.scoping.project import Project, TaskKind
from core.workspace.act import Desk
from core.workspace.monitoring import Monitoring


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideFresh:
    """A window in which a fresher model was measured beside the one that served; ``compared`` is fresh less serving."""

    window: Window
    serving: ModelVersion
    fresh: ModelVersion
    compared: Comparison


class Staleness:
    """What the models that serve have lost by their age."""

    def __init__(self, desk: Desk, monitoring: Monitoring) -> None:
        self._desk = desk
        self._monitoring = monitoring

    def beside_fresh(self, criterion_id: str) -> tuple[BesideFresh, ...]:
        """Measure the newest fresher version on the labelled rows of each window, oldest first.

        A version is fresher where its training rows end later than those of the one that served; it counts only in
        windows that begin after that. What it would have answered is scored anew with its registered file.

        Raises
        ------
        Conflict
            The criterion is not measured on labels.
        """
        self._desk.actor.require(Permission.READ)
        criterion = self._desk.one(Criterion, criterion_id)
        project = self._desk.one(Project, criterion.project_id)
        if project.task is None or METRICS[criterion.metric].needs != "labels":
            raise Conflict(f"{criterion.key} is not measured on labels, so no model is better at it than another.")
        trained = self._trained(project.id)
        keys = {c.id: c.key for c in self._desk.all(Criterion, project.id)}
        found: list[BesideFresh] = []
        for window in self._monitoring.windows(project.id):
            judged = (j for j in window.judgements if j.variant == "champion" and j.estimate)
            served = next((j for j in judged if keys.get(j.criterion_id) == criterion.key), None)
            pair = fresher(trained, served.model_version_id, before=window.starts) if served else None
            compared = self._compared(window, *pair, criterion, project.task.kind) if pair else None
            if pair and compared:
                found.append(BesideFresh(window=window, serving=pair[0], fresh=pair[1], compared=compared))
        return tuple(found)

    def newest(self, project_id: str, version_id: str) -> Trained | None:
        """Return the version whose training rows end last, where that is after those of another version's."""
        trained = self._trained(project_id)
        ends = trained_to(trained, version_id)
        later = [one for one in trained if ends is not None and one.ends > ends]
        return max(later, key=lambda one: one.ends, default=None)

    def _trained(self, project_id: str) -> list[Trained]:
        runs = {run.id: run for run in self._desk.all(Run, project_id)}
        versions = self._desk.all(ModelVersion, project_id, order="number")
        dated = [(version, runs[version.run_id].holdout_from) for version in versions if version.run_id in runs]
        return [Trained(version=version, ends=ends) for version, ends in dated if ends is not None]

    def _compared(
        self, window: Window, serving: ModelVersion, fresh: ModelVersion, criterion: Criterion, kind: TaskKind
    ) -> Comparison | None:
        rows = self._monitoring.rows(window.project_id, window.starts, window.ends, as_of=window.created_at)
        known = rows.filter((pl.col("model_version_id") == serving.id) & pl.col("label").is_not_null())
        if criterion.slice.select(known).is_empty():
            return None
        yardstick = Yardstick(metric=criterion.metric, parameters=criterion.parameters, slice=criterion.slice)
        return compare_runs(known, self._answered(fresh, known), yardstick, kind=kind)

    def _answered(self, version: ModelVersion, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with what a version answers to them."""
        data = self._desk.storage.artifacts.path(version.artifact).read_bytes()
        model = OnnxModel.load(data, features=version.features, classes=version.classes, cut=version.cut)
        scores = model.score(input_columns(rows, model.features))
        return rows.with_columns(score=scores.score, predicted=pl.Series(scores.predicted, dtype=pl.String))

"""Monitoring acts: replay later data, measure windows, raise alerts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.data.contract.version import ContractVersion, in_force
from core.deployment.deployment import Deployment
from core.deployment.model_version import Approval, ModelVersion
from core.drift.comparison import compare_columns
from core.drift.picture import Picture, pictures, to_table
from core.errors import Conflict
from core.ids import new_id
from core.iteration.case import Case
from core.lifecycle.life import CLOSED_CASES
from core.metrics import METRICS
from core.modelling.run import Run
from core.monitoring import silence
from core.monitoring.agreed import rules_in_window
from core.monitoring.calendar import DRIFT_DAYS, LABELS_MATURE, SILENT_DAYS, add_days
from core.monitoring.counted import Counted
from core.monitoring.estimated.without_labels import Basis, beside_realised
from core.monitoring.judging import (
    Watched,
    judge_window,
    measured,
    measured_on_requests,
    new_alerts,
    recovered,
    shares_outside,
    still_muted,
)
from core.monitoring.loss_changes import LossChanges, loss_changes
from core.monitoring.maturity import completeness, held_back
from core.monitoring.production import production_rows
from core.monitoring.service import service_signals
from core.monitoring.silence import Heard
from core.monitoring.window import Alert, AlertState, Window, WindowState
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Stage
from core.scoping.project import Project, TaskKind
from core.statistics.estimate import Estimate
from core.workspace.act import Act, Desk, wall_time
from core.workspace.routing import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What serves a project, and what it was approved by: the criteria frozen with the champion's approval."""

    project: Project
    deployment: Deployment
    versions: dict[str, ModelVersion]
    criteria: tuple[Criterion, ...]

    def variant(self, version_id: str) -> str:
        """Return what a version is to the deployment in force."""
        return "champion" if version_id == self.deployment.champion_id else "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The window that is to be measured: its span, the criteria that judge it, and what it is other than days."""

    starts: datetime
    ends: datetime
    criteria: tuple[Criterion, ...]
    name: str = ""
    counted: int = 0


class Monitoring:
    """Production of projects: rows, windows, alerts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def windows(self, project_id: str) -> list[Window]:
        """Return a project's windows, oldest first."""
        return self._desk.all(Window, project_id, order="ends")

    def alerts(self, project_id: str) -> list[Alert]:
        """Return a project's alerts, oldest first."""
        return self._desk.all(Alert, project_id, order="onset")

    def rows(self, project_id: str, starts: datetime, ends: datetime, *, as_of: datetime) -> pl.DataFrame:
        """Return what was predicted in ``[starts, ends)`` with the labels known soon after ``as_of``, all variants.

        Soon is ``LABELS_MATURE``: flights of the last evening land after midnight.

        Raises
        ------
        Conflict
            The project does not say yet what it predicts.
        """
        project = self._desk.one(Project, project_id)
        if project.task is None:
            raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
        predictions = self._desk.storage.predictions.read(project_id, starts=starts, ends=ends)
        labels = self._labels(project_id, as_of)
        versions = self._desk.all(ModelVersion, project_id)
        features = {feature.name: feature for version in versions for feature in version.features}
        return production_rows(predictions, labels, project.task, features=tuple(features.values()))

    def loss_changes(self, project_id: str) -> LossChanges:
        """Return where detectors of streams mark a change of the loss, over all that was measured.

        Raises
        ------
        Conflict
            Nothing was measured yet.
        """
        self._desk.actor.require(Permission.READ)
        windows, project = self.windows(project_id), self._desk.one(Project, project_id)
        if not windows or project.task is None:
            raise Conflict("No window was measured yet, so there is no loss to look at.")
        first, last = min(w.starts for w in windows), windows[-1].ends
        service = self.service(project_id, last)
        rows = self.rows(project_id, first, last, as_of=project.now(wall_time()))
        return loss_changes(rows, project.task.kind, span=self._span(service, project.task.kind))

    def _span(self, service: Service, kind: TaskKind) -> float:
        """Return how far the labels of the champion's hold-out lie apart; 1 where labels are classes."""
        if kind is not TaskKind.REGRESSION:
            return 1.0
        labels = self.holdout(service.versions[service.deployment.champion_id])["label"].cast(pl.Float64).to_numpy()
        return float(labels.max() - labels.min())

    def measure(self, project_id: str, ends: datetime) -> list[Window]:
        """Measure the windows that end at ``ends``, one a length that the criteria name; raise and close alerts.

        A window that was measured already is returned as it is; one whose labels were still coming is measured again.
        Where all criteria count predictions there is no window to measure, and silence is listened for all the same.
        """
        service = self.service(project_id, ends)
        lengths = sorted({c.window_days for c in service.criteria if not c.window_rows})
        windows = [self._measured(service, _lasting(service, length, ends)) for length in lengths]
        if service.criteria:
            since = add_days(ends, -(lengths[0] if lengths else SILENT_DAYS), service.project.zone)
            answered = bool(windows[0]) if lengths else self._answered(project_id, since, ends)
            self._listen(service, since, ends, answered=answered)
        return [window for window in windows if window is not None]

    def mature(self, project_id: str) -> list[Window]:
        """Measure the windows again whose labels were still coming, oldest first; nothing is missed in them now."""
        maturing = [w for w in self.windows(project_id) if w.state is WindowState.MATURING]
        again: list[Window | None] = []
        for window in maturing:
            service = self.service(project_id, window.ends)
            again.append(self._measured(service, _same(service, window)))
        return [window for window in again if window is not None]

    def measure_span(self, project_id: str, starts: datetime, ends: datetime, *, name: str) -> Window | None:
        """Measure what was answered in ``[starts, ends)`` as one window, by every criterion; raise and close alerts.

        ``name`` is that of the batch whose rows are meant; other rows of that time count too, as in any window.
        ``None`` where the champion answered nothing then.
        """
        service = self.service(project_id, ends)
        return self._measured(service, _Asked(starts=starts, ends=ends, criteria=service.criteria, name=name))

    def measure_counted(self, project_id: str, counted: Counted, size: int) -> Window | None:
        """Measure a window of ``size`` predictions by the criteria that count so many; raise and close alerts.

        ``None`` where the champion answered nothing in it.
        """
        service = self.service(project_id, counted.ends)
        return self._measured(service, _counting(service, size, counted.starts, counted.ends))

    def estimate(
        self, criterion: Criterion, version_id: str, starts: datetime, ends: datetime, *, as_of: datetime
    ) -> Estimate | None:
        """Measure one criterion for one version on any span of event time; ``None`` where it logged nothing there."""
        version = self._desk.one(ModelVersion, version_id)
        project = self._desk.one(Project, criterion.project_id)
        rows = self.rows(project.id, starts, ends, as_of=as_of).filter(pl.col("model_version_id") == version_id)
        if METRICS[criterion.metric].needs == "requests":
            failed = self._unanswered(project.id, starts, ends).filter(pl.col("model_version_id") == version_id)
            return measured_on_requests(criterion, service_signals(rows, failed), as_of=as_of)
        if project.task is None or rows.is_empty():
            return None
        return measured(criterion, rows, version.features, kind=project.task.kind, as_of=as_of)

    def service(self, project_id: str, on: datetime) -> Service:
        """Return what served at an event time, by the criteria of its approval; before the first, that one."""
        project = self._desk.one(Project, project_id)
        deployments = self._desk.all(Deployment, project_id, order="revision")
        if not deployments:
            raise Conflict("Nothing serves yet. Deploy a model version first.")
        deployment = next((d for d in reversed(deployments) if d.on <= on), deployments[0])
        approval = self._desk.one(Approval, deployment.approval_id)
        frozen = {criterion_id for criterion_id, _ in approval.criteria}
        criteria = [c for c in self._desk.all(Criterion, project_id, order="key") if c.id in frozen]
        return Service(
            project=project,
            deployment=deployment,
            versions={v.id: v for v in self._desk.all(ModelVersion, project_id)},
            criteria=tuple(c for c in criteria if c.applies(Stage.LIVE)),
        )

    def _labels(self, project_id: str, as_of: datetime) -> pl.DataFrame:
        """Return the labels known soon after ``as_of``."""
        return self._desk.storage.predictions.labels(project_id, as_of=as_of + LABELS_MATURE)

    def _unanswered(self, project_id: str, starts: datetime, ends: datetime) -> pl.DataFrame:
        """Return the counts of requests that were refused or failed in ``[starts, ends)``."""
        return self._desk.storage.predictions.unanswered(project_id, starts=starts, ends=ends)

    def _answered(self, project_id: str, starts: datetime, ends: datetime) -> bool:
        """Tell whether a champion answered anything in ``[starts, ends)``."""
        rows = self._desk.storage.predictions.read(
            project_id, starts=starts, ends=ends, variants=["champion"], columns=["event_time"]
        )
        return not rows.is_empty()

    def _listen(self, service: Service, starts: datetime, ends: datetime, *, answered: bool) -> None:
        """Raise an alert where a window that is due has no prediction, or no label came; close it when they come."""
        project = service.project
        labels = self._labels(project.id, ends)
        heard = Heard(
            project_id=project.id,
            version_id=service.deployment.champion_id,
            ends=ends,
            predictions=answered,
            labels=not labels.filter(pl.col("observed_at") >= starts).is_empty(),
        )
        with self._desk.act(project.id) as act:
            alerts = act.records.find(Alert, project_id=project.id)
            for alert in silence.raised(heard, service.criteria, alerts, at=act.at):
                quiet = still_muted(alert, alerts, on=ends)
                act.records.add(quiet)
                act.enter("alert.raised", quiet, silence=alert.kind)
                announce(act, quiet)
            for alert in silence.over(heard, alerts):
                closed = replace(alert, state=AlertState.CLOSED, closed_reason="heard again", closed_on=ends)
                act.records.replace(closed)
                act.enter("alert.closed", closed, reason="heard again")

    def _measured(self, service: Service, asked: _Asked) -> Window | None:
        project, starts, ends = service.project, asked.starts, asked.ends
        with self._desk.storage.read() as records:
            known = records.first(Window, project_id=project.id, starts=starts, ends=ends, counted=asked.counted)
        if known and known.state is WindowState.COMPLETE:
            return known
        rows = self.rows(project.id, starts, ends, as_of=project.now(wall_time()))
        champion = rows.filter(pl.col("model_version_id") == service.deployment.champion_id)
        if champion.is_empty():
            return known
        window = self._judged(service, asked, rows)
        if known:
            window = replace(window, id=known.id)
        with self._desk.act(project.id) as act:
            (act.records.replace if known else act.records.add)(window)
            _alarm(act, window, service.criteria)
        return window

    def _judged(self, service: Service, asked: _Asked, rows: pl.DataFrame) -> Window:
        project, champion_id = service.project, service.deployment.champion_id
        kind = project.task.kind  # pyright: ignore[reportOptionalMemberAccess] - rows() has refused by now
        watched = [
            Watched(version=service.versions[str(version_id)], variant=service.variant(str(version_id)), rows=part)
            for (version_id,), part in rows.group_by("model_version_id", maintain_order=True)
            if str(version_id) in {champion_id, *service.deployment.shadow_ids}
        ]
        champion = next(one for one in watched if one.variant == "champion")
        starts, ends, criteria = asked.starts, asked.ends, asked.criteria
        # what has no fixed length has no last week: of a model that is asked little, that would be a handful of rows
        compared_from = starts if asked.name or asked.counted else add_days(ends, -DRIFT_DAYS, project.zone)
        recent = champion.rows.filter(pl.col("event_time") >= compared_from)
        reference = self.trained_on(champion.version)
        contract = in_force(self._desk.all(ContractVersion, project.id))
        labelled = int(champion.rows["label"].is_not_null().sum())
        as_of = project.now(wall_time())
        stands = completeness(criteria, champion.rows, self._labels(project.id, as_of), as_of + LABELS_MATURE)
        signals = service_signals(rows, self._unanswered(project.id, starts, ends))
        judgements = judge_window(criteria, watched, kind=kind, as_of=as_of, service=signals)
        return Window(
            id=new_id(),
            project_id=project.id,
            endpoint=service.deployment.endpoint,
            starts=starts,
            ends=ends,
            state=stands,
            predictions=champion.rows.height,
            labels=labelled,
            judgements=beside_realised(
                judgements if stands is WindowState.COMPLETE else held_back(judgements, criteria, champion.rows),
                criteria,
                Basis(self.holdout(champion.version), champion.rows, champion.version.features, kind),
                as_of=as_of,
            ),
            drift=compare_columns(reference, recent, block=block_of(project), columns=_inputs(champion)),
            outside=shares_outside(recent, champion.version.features),
            contract_id=contract.id if contract else None,
            rules=rules_in_window(contract.contract, recent, project.task, as_of=ends)
            if contract and project.task
            else None,
            pictures=self._keep(pictures(reference, recent, block=block_of(project), ranges=ranges(champion.version))),
            service=signals,
            name=asked.name,
            counted=asked.counted,
            watermark=champion.rows["event_time"].max(),  # pyright: ignore[reportArgumentType] - a datetime column
            created_at=as_of,
        )

    def _keep(self, found: Sequence[Picture]) -> str:
        """Keep what is drawn of a week as a file and return its hash."""
        buffer = io.BytesIO()
        to_table(found).write_parquet(buffer, row_group_size=64)
        return self._desk.storage.artifacts.put_bytes(buffer.getvalue())

    def holdout(self, version: ModelVersion) -> pl.DataFrame:
        """Return the hold-out of a version with what it answered: what production is held to."""
        run = self._desk.one(Run, version.run_id)
        return pl.read_parquet(self._desk.storage.artifacts.path(run.predictions or ""))

    def trained_on(self, version: ModelVersion) -> pl.DataFrame:
        """Return the training rows of a version, inputs and blocks: what production is compared with."""
        run = self._desk.one(Run, version.run_id)
        return pl.read_parquet(self._desk.storage.artifacts.path(run.reference or ""))


def _lasting(service: Service, days: int, ends: datetime) -> _Asked:
    """Return the window of so many days that ends then, for the criteria that name this length."""
    criteria = tuple(c for c in service.criteria if not c.window_rows and c.window_days == days)
    return _Asked(starts=add_days(ends, -days, service.project.zone), ends=ends, criteria=criteria)


def _counting(service: Service, size: int, starts: datetime, ends: datetime) -> _Asked:
    """Return the window of so many predictions, for the criteria that count so many."""
    criteria = tuple(c for c in service.criteria if c.window_rows == size)
    return _Asked(starts=starts, ends=ends, criteria=criteria, counted=size)


def _same(service: Service, window: Window) -> _Asked:
    """Return what is asked to measure a window again over the span that it has."""
    if window.counted:
        return _counting(service, window.counted, window.starts, window.ends)
    if not window.name:
        return _lasting(service, _days(window, service.project.zone), window.ends)
    return _Asked(starts=window.starts, ends=window.ends, criteria=service.criteria, name=window.name)


def _days(window: Window, zone: ZoneInfo) -> int:
    return (window.ends.astimezone(zone).date() - window.starts.astimezone(zone).date()).days


def _inputs(watched: Watched) -> list[str]:
    return [feature.name for feature in watched.version.features]


def ranges(version: ModelVersion) -> dict[str, tuple[float, float] | None]:
    """Return a version's inputs, each with what training saw of it: smallest and largest value of a number."""
    return {
        f.name: (f.lower, f.upper) if f.lower is not None and f.upper is not None else None for f in version.features
    }


def block_of(project: Project) -> str | None:
    """Return the column that names the block of a production row; nothing where rows are independent."""
    return "block" if project.task and project.task.block != "row" else None


def _alarm(act: Act, window: Window, criteria: Sequence[Criterion]) -> None:
    """Raise what this window raises, close what it meets again; an alert joins the open case of its project."""
    open_alerts = [a for a in act.records.find(Alert, project_id=act.project.id) if a.state is not AlertState.CLOSED]
    case = next((c for c in act.records.find(Case, project_id=act.project.id) if c.state not in CLOSED_CASES), None)
    for alert in new_alerts(window, criteria, open_alerts, at=act.at):
        joined = replace(alert, state=AlertState.IN_CASE, case_id=case.id) if case else alert
        joined = still_muted(joined, act.records.find(Alert, project_id=act.project.id), on=window.ends)
        act.records.add(joined)
        announce(act, joined)
        act.enter(
            "alert.raised", joined, criterion=alert.criterion_id, value=alert.estimate.value if alert.estimate else None
        )
    for alert in recovered(window, open_alerts):
        if alert.state is not AlertState.IN_CASE:
            closed = replace(alert, state=AlertState.CLOSED, closed_reason="met again", closed_on=window.ends)
            act.records.replace(closed)
            act.enter("alert.closed", closed, reason="met again")

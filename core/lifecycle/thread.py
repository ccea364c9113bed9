"""The thread of a criterion: everything that it decided, in the order in which the phases come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.modelling.ranking import estimate_for, registrable
from core.monitoring.window import Alert, AlertKind
from core.scoping.criterion import Criterion, Verdict, judge
from core.statistics.estimate import Estimate


class StepKind(StrEnum):
    """What kind of record a step of the thread is."""

    DOCUMENT = "document"
    CRITERION = "criterion"
    DATASET = "dataset"
    RUN = "run"
    GATE = "gate"
    APPROVAL = "approval"
    DEPLOYMENT = "deployment"
    WINDOW = "window"
    ALERT = "alert"
    CASE = "case"
    DECISION = "decision"
    POST_CHECK = "post_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadStep:
    """One record of the thread: what it is, when it was (event time), and what the criterion said there.

    ``view`` and ``record_id`` say which page shows it. ``state`` is a state's code where the record has one and no
    verdict.
    """

    phase: Phase
    kind: StepKind
    title: str
    record_id: str
    view: str
    on: datetime | None = None
    verdict: Verdict | None = None
    estimate: Estimate | None = None
    state: StrEnum | None = None


_NEVER = datetime.max.replace(tzinfo=UTC)


def thread(life: Life, criterion: Criterion) -> tuple[ThreadStep, ...]:
    """Return the steps of a criterion's thread: from the signed goals to the post-check, oldest first in a phase."""
    steps = (
        *_scoping(life, criterion),
        *_modelling(life, criterion),
        *_deployment(life, criterion),
        *_monitoring(life, criterion),
        *_iteration(life, criterion),
    )
    phases = list(Phase)
    # what has no day yet stands last; of one day, what leads to something stands before it
    return tuple(sorted(steps, key=lambda step: (phases.index(step.phase), step.on or _NEVER)))


def _scoping(life: Life, criterion: Criterion) -> Iterator[ThreadStep]:
    goals = life.document("goals")
    if goals:
        yield ThreadStep(
            phase=Phase.SCOPING,
            kind=StepKind.DOCUMENT,
            title=f"Goals, version {goals.version}",
            record_id=goals.id,
            view="document",
            on=goals.signed_on,
            state=goals.state,
        )
    for version in (c for c in life.criteria if c.key == criterion.key):
        yield ThreadStep(
            phase=Phase.SCOPING,
            kind=StepKind.CRITERION,
            title=f"{version.key}, version {version.version}",
            record_id=version.id,
            view="criterion",
            on=version.signed_on,
        )


def _modelling(life: Life, criterion: Criterion) -> Iterator[ThreadStep]:
    datasets = {run.dataset_id for run in life.finished_runs}
    for dataset in (d for d in life.datasets if d.id in datasets):
        yield ThreadStep(
            phase=Phase.DATA,
            kind=StepKind.DATASET,
            title=f"{dataset.name} v{dataset.number}",
            record_id=dataset.id,
            view="dataset",
            on=dataset.decided_on,
            state=dataset.state,
        )
    for run in life.finished_runs:
        estimate = estimate_for(run, criterion)
        yield ThreadStep(
            phase=Phase.MODELLING,
            kind=StepKind.RUN,
            title=run.name,
            record_id=run.id,
            view="run",
            on=run.created_on,
            verdict=judge(criterion, estimate).verdict if estimate and registrable(run) else None,
            estimate=estimate,
        )


def _deployment(life: Life, criterion: Criterion) -> Iterator[ThreadStep]:
    ids = {c.id for c in life.criteria if c.key == criterion.key}
    for gate in life.gates:
        version, line = (
            life.version(gate.model_version_id),
            next((x for x in gate.lines if x.criterion_id in ids), None),
        )
        yield ThreadStep(
            phase=Phase.DEPLOYMENT,
            kind=StepKind.GATE,
            title=f"Gate of {version.title if version else 'a version'}",
            record_id=gate.model_version_id,
            view="model_version",
            on=gate.created_on,
            verdict=line.verdict if line else None,
            estimate=line.estimate if line else None,
            state=gate.state,
        )
    for approval in life.approvals:
        version = life.version(approval.model_version_id)
        yield ThreadStep(
            phase=Phase.DEPLOYMENT,
            kind=StepKind.APPROVAL,
            title=f"Approval of {version.title if version else 'a version'}",
            record_id=approval.model_version_id,
            view="model_version",
            on=approval.on,
            state=approval.state,
        )
    for deployment in life.deployments:
        version = life.version(deployment.champion_id)
        yield ThreadStep(
            phase=Phase.DEPLOYMENT,
            kind=StepKind.DEPLOYMENT,
            title=f"{version.title if version else 'A version'} in service",
            record_id=deployment.champion_id,
            view="model_version",
            on=deployment.on,
        )


def _monitoring(life: Life, criterion: Criterion) -> Iterator[ThreadStep]:
    previous: Verdict | None = None
    for window, judgement in life.judgements(criterion):
        # a thread tells the turns: a window that repeats the verdict before it is on the performance page
        if judgement.verdict is not previous:
            yield ThreadStep(
                phase=Phase.MONITORING,
                kind=StepKind.WINDOW,
                title="Window",
                record_id=window.id,
                view="window",
                on=window.ends,
                verdict=judgement.verdict,
                estimate=judgement.estimate,
            )
        previous = judgement.verdict
    for alert in life.alerts:
        about = life.criterion(alert.criterion_id)
        if about and about.key == criterion.key:
            yield ThreadStep(
                phase=Phase.MONITORING,
                kind=StepKind.ALERT,
                title=_alert_title(alert, criterion),
                record_id=alert.id,
                view="alert",
                on=alert.onset,
                estimate=alert.estimate,
                state=alert.state,
            )


def _alert_title(alert: Alert, criterion: Criterion) -> str:
    """Return what an alert goes by: one of silence is not about the criterion's figure."""
    silence = "" if alert.kind is AlertKind.CRITERION else f": {alert.kind.replace('_', ' ')}"
    return f"Alert on {criterion.key}{silence}"


def _iteration(life: Life, criterion: Criterion) -> Iterator[ThreadStep]:
    for case in life.cases:
        about = life.criterion(case.criterion_id)
        if not about or about.key != criterion.key:
            continue
        yield ThreadStep(
            phase=Phase.ITERATION,
            kind=StepKind.CASE,
            title=f"Case {case.number}",
            record_id=case.id,
            view="cases",
            on=case.opened_on,
            state=case.state,
        )
        for decision in life.decisions_of(case.id):
            yield ThreadStep(
                phase=Phase.ITERATION,
                kind=StepKind.DECISION,
                title="Decision",
                record_id=case.id,
                view="cases",
                on=decision.on,
                state=decision.choice,
            )
        for check in life.post_checks_of(case.id):
            yield ThreadStep(
                phase=Phase.ITERATION,
                kind=StepKind.POST_CHECK,
                title="Post-check",
                record_id=case.id,
                view="cases",
                on=check.on,
                verdict=check.verdict,
                estimate=check.estimate,
            )

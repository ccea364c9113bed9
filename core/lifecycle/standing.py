"""Where a project stands in each phase, and the one thing to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.data.dataset import DatasetState
from core.data.finding import Severity
from core.deployment.model_version import GateState
from core.iteration.case import CaseState
from core.lifecycle.life import Life
from core.modelling.run import RunState
from core.monitoring.window import AlertKind, AlertState
from core.scoping.criterion import Role, Verdict


class Phase(StrEnum):
    """The six phases, in their order."""

    SCOPING = "scoping"
    DATA = "data"
    MODELLING = "modelling"
    DEPLOYMENT = "deployment"
    MONITORING = "monitoring"
    ITERATION = "iteration"


class PhaseState(StrEnum):
    """How a phase is doing: nothing yet, at work, fine, worth a look, or something must be done."""

    EMPTY = "empty"
    ACTIVE = "active"
    FINE = "fine"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStanding:
    """A phase's state with one number and what it counts."""

    phase: Phase
    state: PhaseState
    figure: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The one thing to do next: what the button says, and the view (with a record, or a part) where it is done.

    ``chosen`` is what has to be chosen there.
    """

    title: str
    view: str
    record_id: str | None = None
    part: str | None = None
    chosen: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> dict[str, str]:
        """Return what the view's address needs to know."""
        named = {"id": self.record_id, "part": self.part}
        return {name: value for name, value in named.items() if value} | dict(self.chosen)


def standings(life: Life) -> tuple[PhaseStanding, ...]:
    """Return where the project stands, one entry a phase, in their order."""
    return (_scoping(life), _data(life), _modelling(life), _deployment(life), _monitoring(life), _iteration(life))


def _scoping(life: Life) -> PhaseStanding:
    signed, total = sum(c.signed_at is not None for c in life.criteria_in_force), len(life.criteria_in_force)
    if not total and not life.documents:
        return PhaseStanding(phase=Phase.SCOPING, state=PhaseState.EMPTY, figure="", label="nothing written yet")
    state = PhaseState.FINE if total and signed == total else PhaseState.ACTIVE
    return PhaseStanding(phase=Phase.SCOPING, state=state, figure=f"{signed} of {total}", label="criteria signed")


def _data(life: Life) -> PhaseStanding:
    if not life.datasets:
        return PhaseStanding(phase=Phase.DATA, state=PhaseState.EMPTY, figure="", label="no dataset yet")
    newest = life.datasets[-1]
    waiting = newest.state is DatasetState.WAITING
    if newest.state is DatasetState.CHECKING:
        state = PhaseState.ACTIVE
    elif waiting and newest.found(Severity.ERROR):
        state = PhaseState.ACT
    else:
        state = PhaseState.LOOK if waiting else PhaseState.FINE
    return PhaseStanding(
        phase=Phase.DATA, state=state, figure=f"{newest.rows:,}", label=f"rows, version {newest.number}"
    )


def _modelling(life: Life) -> PhaseStanding:
    if not life.runs:
        return PhaseStanding(phase=Phase.MODELLING, state=PhaseState.EMPTY, figure="", label="no run yet")
    at_work = any(r.state in {RunState.QUEUED, RunState.RUNNING} for r in life.runs)
    state = PhaseState.ACTIVE if at_work else PhaseState.FINE if life.finished_runs else PhaseState.ACT
    return PhaseStanding(
        phase=Phase.MODELLING,
        state=state,
        figure=str(len(life.finished_runs)),
        label=_noun(len(life.finished_runs), "run finished", "runs finished"),
    )


def _deployment(life: Life) -> PhaseStanding:
    if life.champion:
        return PhaseStanding(
            phase=Phase.DEPLOYMENT, state=PhaseState.FINE, figure=f"version {life.champion.number}", label="in service"
        )
    if not life.versions:
        return PhaseStanding(phase=Phase.DEPLOYMENT, state=PhaseState.EMPTY, figure="", label="nothing registered yet")
    gate = life.gate(life.versions[-1].id)
    closed = gate is not None and life.gate_state(gate) is GateState.CLOSED
    state = PhaseState.ACT if closed else PhaseState.LOOK
    return PhaseStanding(
        phase=Phase.DEPLOYMENT,
        state=state,
        figure=str(len(life.versions)),
        label=_noun(len(life.versions), "version registered", "versions registered"),
    )


def _monitoring(life: Life) -> PhaseStanding:
    if not life.windows:
        return PhaseStanding(phase=Phase.MONITORING, state=PhaseState.EMPTY, figure="", label="no window yet")
    verdicts = [(c, j.verdict) for c in life.criteria_in_force if (j := life.now_says(c)) is not None]
    not_met = [c for c, verdict in verdicts if verdict is Verdict.NOT_MET]
    gates = [c for c in not_met if c.role is Role.GATE]
    met = sum(verdict is Verdict.MET for _, verdict in verdicts)
    fine = PhaseState.FINE if met or not verdicts else PhaseState.ACTIVE  # nothing decided yet is not fine yet
    state = PhaseState.ACT if gates else PhaseState.LOOK if not_met else fine
    return PhaseStanding(phase=Phase.MONITORING, state=state, figure=f"{met} of {len(verdicts)}", label="criteria met")


def _iteration(life: Life) -> PhaseStanding:
    if not life.cases:
        return PhaseStanding(phase=Phase.ITERATION, state=PhaseState.EMPTY, figure="", label="no case yet")
    if not life.open_cases:
        return PhaseStanding(
            phase=Phase.ITERATION,
            state=PhaseState.FINE,
            figure=str(len(life.cases)),
            label=_noun(len(life.cases), "case closed", "cases closed"),
        )
    waiting = any(c.state in {CaseState.OPEN, CaseState.REOPENED} for c in life.open_cases)
    state = PhaseState.ACT if waiting else PhaseState.ACTIVE
    return PhaseStanding(
        phase=Phase.ITERATION,
        state=state,
        figure=str(len(life.open_cases)),
        label=_noun(len(life.open_cases), "open case", "open cases"),
    )


def _noun(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def waiting(life: Life) -> tuple[NextStep, ...]:
    """Return what waits on the acting person, the most urgent first; data tasks take days, and come last."""
    return (*_pressing(life), *_waiting_tasks(life))


def _pressing(life: Life) -> tuple[NextStep, ...]:
    return (
        *_waiting_cases(life),
        *_waiting_alerts(life),
        *_waiting_releases(life),
        *_waiting_data(life),
        *_waiting_criteria(life),
    )


def _waiting_cases(life: Life) -> list[NextStep]:
    steps: list[NextStep] = []
    for case in life.open_cases:
        if case.state in {CaseState.OPEN, CaseState.REOPENED}:
            steps.append(NextStep(title=f"Decide case {case.number}", view="cases", record_id=case.id))
        if case.state is CaseState.ACTING and case.challenger_id:
            approved = life.approved(case.challenger_id)
            title = "Promote the challenger" if approved else "Approve the challenger"
            steps.append(NextStep(title=title, view="release", record_id=case.challenger_id))
    return steps


def _waiting_alerts(life: Life) -> list[NextStep]:
    # one that was seen waits on: for a case, or for the word that none is needed
    words = {AlertState.NEW: "Look at the alert on", AlertState.SEEN: "Open a case about"}
    silent = {AlertKind.NO_PREDICTIONS: "predictions", AlertKind.NO_LABELS: "labels"}
    return [
        NextStep(title=f"Look why no {silent[alert.kind]} come", view="alert", record_id=alert.id)
        for alert in life.open_alerts
        if alert.kind in silent and alert.state is AlertState.NEW and not alert.muted(life.now)
    ] + [
        NextStep(title=f"{words[alert.state]} {criterion.key}", view="alert", record_id=alert.id)
        for alert in life.open_alerts
        if alert.kind is AlertKind.CRITERION
        and alert.state in words
        and not alert.muted(life.now)
        and (criterion := life.criterion(alert.criterion_id))
    ]


def _waiting_releases(life: Life) -> list[NextStep]:
    if life.deployments:
        return []
    return [
        NextStep(title=f"Approve {version.title}", view="release", record_id=version.id)
        for version in life.versions
        if life.approval(version.id) is None
    ]


def _waiting_data(life: Life) -> list[NextStep]:
    return [
        NextStep(title=f"Accept or reject {dataset.name} v{dataset.number}", view="datasets", record_id=dataset.id)
        for dataset in life.datasets
        if dataset.state is DatasetState.WAITING
    ]


def _waiting_criteria(life: Life) -> list[NextStep]:
    unsigned = [c for c in life.criteria_in_force if c.signed_at is None]
    if len(unsigned) == 1:
        return [NextStep(title=f"Sign {unsigned[0].key}", view="criterion", record_id=unsigned[0].id)]
    return [NextStep(title=f"Sign {len(unsigned)} criteria", view="documents", part="criteria")] if unsigned else []


def _waiting_tasks(life: Life) -> list[NextStep]:
    return [
        NextStep(
            title=f"Do the data task {task.tag}",
            view="errors",
            chosen={"run": task.run_id, "show": "tags", "tag": task.tag},
        )
        for task in life.open_tasks
    ]


def next_step(life: Life) -> NextStep:
    """Return the one thing to do next, whatever the state of the project."""
    waits = _pressing(life)
    return waits[0] if waits else _first_gap(life)


def _first_gap(life: Life) -> NextStep:
    approved = next((v for v in reversed(life.versions) if life.approved(v.id)), None)
    gaps = [
        (not life.datasets, NextStep(title="Drop a dataset", view="datasets")),
        (life.project.task is None, NextStep(title="Say what is predicted", view="datasets")),
        (not life.criteria_in_force, NextStep(title="Agree on criteria", view="documents", part="criteria")),
        (not life.runs, NextStep(title="Train the first runs", view="runs")),
        (not life.versions, NextStep(title="Choose a run to register", view="runs")),
        (not life.deployments and approved is None, NextStep(title="Pass the gate", view="release")),
        (not life.deployments, NextStep(title="Deploy", view="release", record_id=approved.id if approved else None)),
        (_can_replay(life), NextStep(title="Replay later data", view="performance")),
    ]
    fallback = (*_waiting_tasks(life), NextStep(title="Look at performance", view="performance"))[0]
    return next((step for missing, step in gaps if missing), fallback)


def _can_replay(life: Life) -> bool:
    return life.replay is not None and life.replay.position < life.replay.ends

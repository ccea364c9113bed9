"""All records of a project in one value, and the questions that every view asks of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from core.data.contract.version import ContractVersion, draft_of, in_force
from core.data.dataset import DatasetState, DatasetVersion
from core.data.label_study import LabelStudy
from core.deployment.deployment import Deployment
from core.deployment.model_version import Approval, ApprovalState, GateResult, GateState, ModelVersion
from core.iteration.case import Case, CaseState, Decision, PostCheck
from core.modelling.run import Run, RunState
from core.modelling.tagging.data_task import DataTask
from core.monitoring.replay import Replay
from core.monitoring.routing import AlertRoutes, Delivery
from core.monitoring.window import Alert, AlertState, Window, WindowJudgement
from core.scoping.criterion import Criterion, Stage, agreed
from core.scoping.document import Document
from core.scoping.project import Project
from core.statistics.estimate import Estimate


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=_HasId)
Value = TypeVar("Value")

CLOSED_CASES = (CaseState.CLOSED_MET, CaseState.CLOSED_ACCEPTED)
APPROVING = (ApprovalState.APPROVED, ApprovalState.SELF_APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A project and everything that happened to it, each list oldest first; ``read_at`` is the wall's time of it."""

    project: Project
    documents: tuple[Document, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    datasets: tuple[DatasetVersion, ...] = ()
    studies: tuple[LabelStudy, ...] = ()
    contracts: tuple[ContractVersion, ...] = ()
    runs: tuple[Run, ...] = ()
    tasks: tuple[DataTask, ...] = ()
    versions: tuple[ModelVersion, ...] = ()
    gates: tuple[GateResult, ...] = ()
    approvals: tuple[Approval, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    windows: tuple[Window, ...] = ()
    alerts: tuple[Alert, ...] = ()
    routes: AlertRoutes | None = None
    deliveries: tuple[Delivery, ...] = ()
    cases: tuple[Case, ...] = ()
    decisions: tuple[Decision, ...] = ()
    post_checks: tuple[PostCheck, ...] = ()
    replay: Replay | None = None
    read_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)

    @property
    def now(self) -> datetime:
        """Return the project's event time when it was read."""
        return self.project.now(self.read_at)

    @property
    def criteria_in_force(self) -> tuple[Criterion, ...]:
        """Return the newest version of each criterion, signed or not, in the order of their keys."""
        return tuple(sorted((c for c in self.criteria if not c.superseded), key=lambda c: c.place))

    def criteria_at(self, stage: Stage) -> tuple[Criterion, ...]:
        """Return the criteria that judge at a stage: a change that nobody has signed yet judges nothing."""
        return tuple(c for c in agreed(self.criteria) if c.applies(stage))

    def criterion(self, criterion_id: str) -> Criterion | None:
        """Return a criterion by its id."""
        return _by_id(self.criteria, criterion_id)

    def run(self, run_id: str | None) -> Run | None:
        """Return a run by its id."""
        return _by_id(self.runs, run_id)

    def dataset(self, dataset_id: str | None) -> DatasetVersion | None:
        """Return a dataset version by its id."""
        return _by_id(self.datasets, dataset_id)

    def version(self, version_id: str | None) -> ModelVersion | None:
        """Return a model version by its id."""
        return _by_id(self.versions, version_id)

    def case(self, case_id: str | None) -> Case | None:
        """Return a case by its id."""
        return _by_id(self.cases, case_id)

    def window(self, window_id: str | None) -> Window | None:
        """Return a window by its id."""
        return _by_id(self.windows, window_id)

    def human_level(self, criterion: Criterion) -> Estimate | None:
        """Return what people reach in a criterion's metric by the newest study of labels; never of a slice."""
        newest = self.studies[-1] if self.studies else None
        if newest is None or criterion.slice.conditions:
            return None
        return newest.human_level(criterion.metric, criterion.parameters)

    @property
    def accepted(self) -> DatasetVersion | None:
        """Return the newest accepted dataset version."""
        return _last(d for d in self.datasets if d.state is DatasetState.ACCEPTED)

    @property
    def contract(self) -> ContractVersion | None:
        """Return the contract in force."""
        return in_force(self.contracts)

    @property
    def contract_draft(self) -> ContractVersion | None:
        """Return the contract that is being written."""
        return draft_of(self.contracts)

    @property
    def finished_runs(self) -> tuple[Run, ...]:
        """Return the runs that have something to compare."""
        return tuple(r for r in self.runs if r.state is RunState.FINISHED)

    @property
    def deployment(self) -> Deployment | None:
        """Return the deployment in force."""
        return self.deployments[-1] if self.deployments else None

    @property
    def champion(self) -> ModelVersion | None:
        """Return the version that answers at the endpoint."""
        return self.version(self.deployment.champion_id) if self.deployment else None

    def gate(self, version_id: str) -> GateResult | None:
        """Return the newest gate of a version; void where a criterion was signed anew since."""
        return _last(g for g in self.gates if g.model_version_id == version_id)

    def gate_state(self, gate: GateResult) -> GateState:
        """Return a gate's state today: it is void once a criterion that it judged has a newer signed version."""
        judged = {line.criterion_hash for line in gate.lines}
        keys = {c.key for c in self.criteria if c.content_hash in judged}
        newer = [c for c in agreed(self.criteria) if c.key in keys and c.signed_at and c.content_hash not in judged]
        return GateState.VOID if newer else gate.state

    def approval(self, version_id: str) -> Approval | None:
        """Return the newest word on a version."""
        return _last(a for a in self.approvals if a.model_version_id == version_id)

    def approved(self, version_id: str) -> bool:
        """Tell whether a version may be deployed."""
        approval = self.approval(version_id)
        return approval is not None and approval.state in APPROVING

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """Return the cases that are not closed."""
        return tuple(c for c in self.cases if c.state not in CLOSED_CASES)

    @property
    def open_tasks(self) -> tuple[DataTask, ...]:
        """Return the data tasks that are not done."""
        return tuple(task for task in self.tasks if task.open)

    def task(self, review_id: str, tag: str) -> DataTask | None:
        """Return the newest data task of a tag."""
        return _last(task for task in self.tasks if (task.review_id, task.tag) == (review_id, tag))

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that are not closed."""
        return tuple(a for a in self.alerts if a.state is not AlertState.CLOSED)

    @property
    def latest_window(self) -> Window | None:
        """Return the window that ends last."""
        return max(self.windows, key=lambda w: (w.ends, w.starts), default=None)

    def deliveries_of(self, alert_id: str | None) -> tuple[Delivery, ...]:
        """Return the messages about an alert, or the tests where it is ``None``."""
        return tuple(d for d in self.deliveries if d.alert_id == alert_id)

    def judgements(self, criterion: Criterion, variant: str = "champion") -> list[tuple[Window, WindowJudgement]]:
        """Return what each window said of a criterion (any version of its key), oldest first."""
        ids = {c.id for c in self.criteria if c.key == criterion.key}
        found = [(w, j) for w in self.windows for j in w.judgements if j.criterion_id in ids and j.variant == variant]
        return sorted(found, key=lambda pair: pair[0].ends)

    def now_says(self, criterion: Criterion) -> WindowJudgement | None:
        """Return what the newest window says of a criterion."""
        judged = self.judgements(criterion)
        return judged[-1][1] if judged else None

    def document(self, kind: str) -> Document | None:
        """Return the newest version of a document."""
        return _last(d for d in self.documents if d.kind == kind)

    def decisions_of(self, case_id: str) -> tuple[Decision, ...]:
        """Return the decisions of a case."""
        return tuple(d for d in self.decisions if d.case_id == case_id)

    def post_checks_of(self, case_id: str) -> tuple[PostCheck, ...]:
        """Return the post-checks of a case."""
        return tuple(p for p in self.post_checks if p.case_id == case_id)


def _by_id(values: Iterable[Record], wanted: str | None) -> Record | None:
    return next((value for value in values if value.id == wanted), None)


def _last(values: Iterable[Value]) -> Value | None:
    return next(reversed(list(values)), None)

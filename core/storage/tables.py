"""One table a value. A column is named as the value's field; nested values are JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.data.contract.version import ContractVersion
from core.data.dataset import DatasetVersion
from core.data.label_study import LabelStudy
from core.deployment.deployment import Deployment
from core.deployment.model_version import Approval, GateResult, ModelVersion
from core.iteration.case import Case, Decision, PostCheck
from core.job import Job
from core.ledger import LedgerEvent
from core.modelling.run import Run
from core.modelling.saved_view import SavedView
from core.modelling.tagging.data_task import DataTask
from core.modelling.tagging.error_review import ErrorReview
from core.monitoring.replay import Replay
from core.monitoring.routing import AlertRoutes, Delivery
from core.monitoring.window import Alert, Window
from core.scoping.criterion import Criterion
from core.scoping.document import Document
from core.scoping.project import Project
from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject, Row


class ProjectRow(Row, table=True):
    """Projects."""

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    description: str
    task: Any = Field(sa_type=NESTED, nullable=True)
    time_zone: str
    alarm_budget: str
    clock: datetime | None = Field(sa_type=UtcDateTime)
    revision: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(sa_type=UtcDateTime)


class DocumentRow(OfProject, table=True):
    """Versions of scoping documents."""

    __table_args__ = (UniqueConstraint("project_id", "kind", "version"),)
    kind: str
    version: int
    edit: int
    state: str
    answers: Any = Field(sa_type=NESTED, nullable=False)
    content_hash: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    signed_by: str | None
    signed_at: datetime | None = Field(sa_type=UtcDateTime)
    signed_on: datetime | None = Field(sa_type=UtcDateTime)


class CriterionRow(OfProject, table=True):
    """Versions of success criteria."""

    __table_args__ = (UniqueConstraint("project_id", "key", "version"),)
    key: str
    version: int
    metric: str
    parameters: Any = Field(sa_type=NESTED, nullable=False)
    slice: Any = Field(sa_type=NESTED, nullable=False)
    direction: str
    threshold: float
    stages: Any = Field(sa_type=NESTED, nullable=False)
    role: str
    block: str
    window_days: int
    every_days: int
    window_rows: int | None
    every_rows: int | None
    rationale: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    signed_by: str | None
    signed_at: datetime | None = Field(sa_type=UtcDateTime)
    signed_on: datetime | None = Field(sa_type=UtcDateTime)
    superseded: bool


class DatasetVersionRow(OfProject, table=True):
    """Versions of datasets."""

    __table_args__ = (UniqueConstraint("project_id", "name", "number"),)
    name: str
    number: int
    state: str
    origin: str
    file_name: str
    source: str
    artifact: str | None
    rows: int = Field(sa_type=BigInteger)
    columns: Any = Field(sa_type=NESTED, nullable=False)
    findings: Any = Field(sa_type=NESTED, nullable=False)
    profile: Any = Field(sa_type=NESTED, nullable=True)
    starts: datetime | None = Field(sa_type=UtcDateTime)
    ends: datetime | None = Field(sa_type=UtcDateTime)
    note: str
    read: Any = Field(sa_type=NESTED, nullable=True)
    parent_id: str | None
    split: str | None
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str | None
    decided_by: str | None
    decided_at: datetime | None = Field(sa_type=UtcDateTime)
    decided_on: datetime | None = Field(sa_type=UtcDateTime)


class LabelStudyRow(OfProject, table=True):
    """Studies of several annotators' labels."""

    __table_args__ = (Index(None, "project_id"),)
    dataset_id: str | None
    file_name: str
    source: str
    layout: Any = Field(sa_type=NESTED, nullable=False)
    figures: Any = Field(sa_type=NESTED, nullable=False)
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)


class ContractVersionRow(OfProject, table=True):
    """Versions of contracts of data."""

    __table_args__ = (UniqueConstraint("project_id", "number"),)
    number: int
    state: str
    edit: int
    contract: Any = Field(sa_type=NESTED, nullable=False)
    origin: str
    dataset_id: str | None
    note: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str | None
    decided_by: str | None
    decided_at: datetime | None = Field(sa_type=UtcDateTime)
    decided_on: datetime | None = Field(sa_type=UtcDateTime)


class RunRow(OfProject, table=True):
    """Training runs."""

    __table_args__ = (
        Index(None, "project_id", "created_at"),
        Index(None, "project_id", "dataset_id"),
        Index(None, "project_id", "case_id"),
    )
    dataset_id: str
    recipe: str
    name: str
    state: str
    purpose: str
    parameters: Any = Field(sa_type=NESTED, nullable=False)
    train_from: datetime | None = Field(sa_type=UtcDateTime)
    holdout_from: datetime | None = Field(sa_type=UtcDateTime)
    train_rows: int = Field(sa_type=BigInteger)
    holdout_rows: int = Field(sa_type=BigInteger)
    holdout_blocks: int = Field(sa_type=BigInteger)
    holdout_hash: str | None
    evaluations: Any = Field(sa_type=NESTED, nullable=False)
    features: Any = Field(sa_type=NESTED, nullable=False)
    classes: Any = Field(sa_type=NESTED, nullable=False)
    model: str | None
    predictions: str | None
    reference: str | None
    importance: Any = Field(sa_type=NESTED, nullable=True)
    seconds: float
    error: str
    case_id: str | None
    origin: Any = Field(sa_type=NESTED, nullable=True)
    search: Any = Field(sa_type=NESTED, nullable=True)
    left_out: Any = Field(sa_type=NESTED, nullable=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)


class ErrorReviewRow(OfProject, table=True):
    """Errors of runs that people looked at."""

    __table_args__ = (UniqueConstraint("run_id"), Index(None, "project_id"))
    run_id: str
    errors: int = Field(sa_type=BigInteger)
    drawn: Any = Field(sa_type=NESTED, nullable=False)
    efforts: Any = Field(sa_type=NESTED, nullable=False)
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)


class DataTaskRow(OfProject, table=True):
    """What shall be done about sorts of errors."""

    __table_args__ = (Index(None, "project_id", "created_at"),)
    review_id: str
    run_id: str
    tag: str
    text: str
    rows: Any = Field(sa_type=NESTED, nullable=False)
    figures: Any = Field(sa_type=NESTED, nullable=False)
    state: str
    owner: str | None
    dataset_id: str | None
    reason: str
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)
    done_by: str | None
    done_at: datetime | None = Field(sa_type=UtcDateTime)


class SavedViewRow(OfProject, table=True):
    """Views of runs that people saved."""

    __table_args__ = (UniqueConstraint("project_id", "page", "created_by", "name"),)
    page: str
    name: str
    state: Any = Field(sa_type=NESTED, nullable=False)
    shared: bool
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class ModelVersionRow(OfProject, table=True):
    """Registered model versions."""

    __table_args__ = (
        UniqueConstraint("project_id", "name", "number"),
        Index(None, "project_id", "run_id"),
        Index(None, "project_id", "state"),
    )
    run_id: str
    name: str
    slug: str
    number: int
    artifact: str
    size: int = Field(sa_type=BigInteger)
    features: Any = Field(sa_type=NESTED, nullable=False)
    classes: Any = Field(sa_type=NESTED, nullable=False)
    cut: float | None
    parity: Any = Field(sa_type=NESTED, nullable=False)
    state: str
    registered_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)


class GateResultRow(OfProject, table=True):
    """Results of gates."""

    __table_args__ = (Index(None, "project_id", "model_version_id"),)
    model_version_id: str
    state: str
    lines: Any = Field(sa_type=NESTED, nullable=False)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_on: datetime | None = Field(sa_type=UtcDateTime)


class ApprovalRow(OfProject, table=True):
    """Approvals and refusals."""

    __table_args__ = (Index(None, "project_id", "model_version_id"),)
    model_version_id: str
    gate_id: str
    state: str
    reason: str
    criteria: Any = Field(sa_type=NESTED, nullable=False)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    on: datetime | None = Field(sa_type=UtcDateTime)


class DeploymentRow(OfProject, table=True):
    """Revisions of endpoints."""

    __table_args__ = (UniqueConstraint("project_id", "endpoint", "revision"),)
    endpoint: str
    revision: int
    act: str
    champion_id: str
    shadow_ids: Any = Field(sa_type=NESTED, nullable=False)
    approval_id: str
    reason: str
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    on: datetime = Field(sa_type=UtcDateTime)


class WindowRow(OfProject, table=True):
    """Windows of production."""

    __table_args__ = (
        UniqueConstraint("project_id", "endpoint", "starts", "ends", "counted"),
        Index(None, "project_id", "ends"),
    )
    endpoint: str
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    state: str
    predictions: int = Field(sa_type=BigInteger)
    labels: int = Field(sa_type=BigInteger)
    judgements: Any = Field(sa_type=NESTED, nullable=False)
    drift: Any = Field(sa_type=NESTED, nullable=False)
    outside: Any = Field(sa_type=NESTED, nullable=True)
    watermark: datetime | None = Field(sa_type=UtcDateTime)
    contract_id: str | None
    rules: Any = Field(sa_type=NESTED, nullable=True)
    pictures: str | None
    service: Any = Field(sa_type=NESTED, nullable=True)
    name: str
    counted: int
    created_at: datetime = Field(sa_type=UtcDateTime)


class AlertRow(OfProject, table=True):
    """Alerts: one an onset."""

    __table_args__ = (
        UniqueConstraint("project_id", "criterion_id", "model_version_id", "onset"),
        Index(None, "project_id", "state"),
    )
    kind: str
    criterion_id: str
    window_id: str
    model_version_id: str
    state: str
    onset: datetime = Field(sa_type=UtcDateTime)
    estimate: Any = Field(sa_type=NESTED, nullable=True)
    case_id: str | None
    owner: str | None
    muted_until: datetime | None = Field(sa_type=UtcDateTime)
    mute_reason: str
    closed_reason: str
    note: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_on: datetime | None = Field(sa_type=UtcDateTime)


class AlertRoutesRow(OfProject, table=True):
    """Where alerts go: one row a project."""

    __table_args__ = (UniqueConstraint("project_id"),)
    webhook: str
    emails: Any = Field(sa_type=NESTED, nullable=False)
    created_at: datetime = Field(sa_type=UtcDateTime)


class DeliveryRow(OfProject, table=True):
    """Messages about alerts."""

    __table_args__ = (Index(None, "project_id", "alert_id"),)
    alert_id: str | None
    channel: str
    state: str
    error: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)


class CaseRow(OfProject, table=True):
    """Cases."""

    __table_args__ = (UniqueConstraint("project_id", "number"), Index(None, "project_id", "state"))
    number: int
    criterion_id: str
    alert_id: str
    state: str
    backtest: Any = Field(sa_type=NESTED, nullable=True)
    champion_evaluations: Any = Field(sa_type=NESTED, nullable=False)
    differences: Any = Field(sa_type=NESTED, nullable=False)
    challenger_run_id: str | None
    challenger_id: str | None
    opened_on: datetime = Field(sa_type=UtcDateTime)
    closed_on: datetime | None = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class DecisionRow(OfProject, table=True):
    """Decisions on cases."""

    __table_args__ = (Index(None, "project_id", "case_id"),)
    case_id: str
    choice: str
    reason: str
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    on: datetime = Field(sa_type=UtcDateTime)
    check_due: datetime | None = Field(sa_type=UtcDateTime)


class PostCheckRow(OfProject, table=True):
    """Post-checks of decisions."""

    __table_args__ = (Index(None, "project_id", "case_id"),)
    case_id: str
    decision_id: str
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    model_version_id: str
    estimate: Any = Field(sa_type=NESTED, nullable=True)
    verdict: str
    counterfactual_id: str | None
    counterfactual: Any = Field(sa_type=NESTED, nullable=True)
    on: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class ReplayRow(OfProject, table=True):
    """Replays."""

    __table_args__ = (Index(None, "project_id"),)
    rows: str
    labels: str
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    position: datetime = Field(sa_type=UtcDateTime)
    window_anchor: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class JobRow(Row, table=True):
    """Requests for background work; some are of no project."""

    __table_args__ = (Index(None, "state", "created_at"), Index(None, "project_id", "created_at"))
    id: str = Field(primary_key=True)
    project_id: str | None = Field(foreign_key="project.id")
    kind: str
    title: str
    arguments: Any = Field(sa_type=NESTED, nullable=False)
    state: str
    progress: float
    message: str
    result: Any = Field(sa_type=NESTED, nullable=True)
    error: str
    cancel_requested: bool
    by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)


class LedgerEventRow(Row, table=True):
    """Events of the ledger; ``project_id`` is ``instance`` for the chain of no project."""

    __table_args__ = (UniqueConstraint("project_id", "sequence"), Index(None, "subject_id"))
    id: str = Field(primary_key=True)
    project_id: str
    sequence: int = Field(sa_type=BigInteger)
    kind: str
    subject_kind: str
    subject_id: str
    body: Any = Field(sa_type=NESTED, nullable=False)
    actor: str
    at: datetime = Field(sa_type=UtcDateTime)
    on: datetime | None = Field(sa_type=UtcDateTime)
    previous_hash: str
    hash: str


class LedgerHeadRow(Row, table=True):
    """The end of each chain: locked while an event is appended; a chain cut short is shorter than its head says."""

    project_id: str = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    hash: str


class IdempotencyKeyRow(Row, table=True):
    """What a repeated act left behind the first time."""

    key: str = Field(primary_key=True)
    record_id: str


class HeartbeatRow(Row, table=True):
    """When a process last said that it lives."""

    process: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


TABLES: Mapping[type, type[Row]] = {
    Project: ProjectRow,
    Document: DocumentRow,
    Criterion: CriterionRow,
    DatasetVersion: DatasetVersionRow,
    LabelStudy: LabelStudyRow,
    ContractVersion: ContractVersionRow,
    Run: RunRow,
    ErrorReview: ErrorReviewRow,
    DataTask: DataTaskRow,
    SavedView: SavedViewRow,
    ModelVersion: ModelVersionRow,
    GateResult: GateResultRow,
    Approval: ApprovalRow,
    Deployment: DeploymentRow,
    Window: WindowRow,
    Alert: AlertRow,
    AlertRoutes: AlertRoutesRow,
    Delivery: DeliveryRow,
    Case: CaseRow,
    Decision: DecisionRow,
    PostCheck: PostCheckRow,
    Replay: ReplayRow,
    Job: JobRow,
    LedgerEvent: LedgerEventRow,
}

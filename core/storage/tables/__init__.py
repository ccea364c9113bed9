"""One table a value, a file for each phase. A column is named as the value's field; nested values are JSON."""

from collections.abc import Mapping

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
from core.storage.row import Row
from core.storage.tables.of_data import ContractVersionRow, DatasetVersionRow, LabelStudyRow
from core.storage.tables.of_deployment import ApprovalRow, DeploymentRow, GateResultRow, ModelVersionRow
from core.storage.tables.of_iteration import CaseRow, DecisionRow, PostCheckRow
from core.storage.tables.of_modelling import DataTaskRow, ErrorReviewRow, RunRow, SavedViewRow
from core.storage.tables.of_monitoring import AlertRoutesRow, AlertRow, DeliveryRow, ReplayRow, WindowRow
from core.storage.tables.of_scoping import CriterionRow, DocumentRow, ProjectRow
from core.storage.tables.of_work import JobRow, LedgerEventRow

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

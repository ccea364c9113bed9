"""Reading a project whole: its life, what waits, the thread of a criterion, the ledger."""

from itertools import count
from typing import Any

from core.data.contract.version import ContractVersion
from core.data.dataset import DatasetVersion
from core.data.label_study import LabelStudy
from core.deployment.deployment import Deployment
from core.deployment.model_version import Approval, GateResult, ModelVersion
from core.errors import Corrupted
from core.iteration.case import Case, Decision, PostCheck
from core.ledger import LedgerEvent, first_break
from core.lifecycle.life import Life
from core.lifecycle.standing import NextStep, waiting
from core.modelling.run import Run
from core.modelling.tagging.data_task import DataTask
from core.monitoring.replay import Replay
from core.monitoring.routing import AlertRoutes, Delivery
from core.monitoring.window import Alert, Window
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.scoping.document import Document
from core.scoping.project import Project
from core.storage.artifacts import Artifacts
from core.storage.records import RecordReader
from core.workspace.act import Desk, wall_time

_FILES: tuple[tuple[type, tuple[str, ...]], ...] = (
    (DatasetVersion, ("source", "artifact")),
    (LabelStudy, ("source",)),
    (Run, ("model", "predictions", "reference")),
    (ModelVersion, ("artifact",)),
    (Replay, ("rows", "labels")),
)
"""Where records name files."""


class Thread:
    """A project as one value, and its ledger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def life(self, project_id: str) -> Life:
        """Return all records of a project, read in one transaction.

        Raises
        ------
        NotFound
            There is no such project.
        """
        self._desk.actor.require(Permission.READ)
        with self._desk.storage.read() as records:
            mine: dict[str, Any] = {"project_id": project_id}
            return Life(
                project=records.get(Project, project_id),
                documents=tuple(records.find(Document, order="version", **mine)),
                criteria=tuple(records.find(Criterion, order="version", **mine)),
                datasets=tuple(records.find(DatasetVersion, order="number", **mine)),
                studies=tuple(records.find(LabelStudy, order="created_at", **mine)),
                contracts=tuple(records.find(ContractVersion, order="number", **mine)),
                runs=tuple(records.find(Run, order="created_at", **mine)),
                tasks=tuple(records.find(DataTask, order="created_at", **mine)),
                versions=tuple(records.find(ModelVersion, order="created_at", **mine)),
                gates=tuple(records.find(GateResult, order="created_at", **mine)),
                approvals=tuple(records.find(Approval, order="at", **mine)),
                deployments=tuple(records.find(Deployment, order="revision", **mine)),
                windows=tuple(records.find(Window, order="ends", **mine)),
                alerts=tuple(records.find(Alert, order="onset", **mine)),
                routes=records.first(AlertRoutes, **mine),
                deliveries=tuple(records.find(Delivery, order="created_at", **mine)),
                cases=tuple(records.find(Case, order="number", **mine)),
                decisions=tuple(records.find(Decision, order="at", **mine)),
                post_checks=tuple(records.find(PostCheck, order="at", **mine)),
                replay=records.first(Replay, **mine),
                read_at=wall_time(),
            )

    def waiting(self, project: Project) -> tuple[NextStep, ...]:
        """Return what waits on the acting person in a project."""
        return waiting(self.life(project.id))

    def ledger(self, project_id: str) -> list[LedgerEvent]:
        """Return a project's chain of events, oldest first."""
        return self._desk.all(LedgerEvent, project_id, order="sequence")

    def broken_at(self, project_id: str) -> int | None:
        """Return the sequence number at which the chain no longer holds, or ``None`` where it is intact."""
        self._desk.actor.require(Permission.READ)
        with self._desk.storage.read() as records:
            try:
                events = records.find(LedgerEvent, order="sequence", project_id=project_id)
            except Corrupted:
                return _first_unreadable(records, project_id)
            return first_break(events, end=records.chain_end(project_id))

    def missing_files(self) -> list[str]:
        """Return the SHA-256 of those files that a record names and that are not stored any more."""
        self._desk.actor.require(Permission.READ)
        with self._desk.storage.read() as records:
            named = {
                getattr(record, field) for kind, fields in _FILES for record in records.find(kind) for field in fields
            }
            named |= set(records.tracking.files.contents())
        return sorted(sha256 for sha256 in named if sha256 and not self._desk.storage.artifacts.holds(sha256))

    def damaged_files(self) -> list[str]:
        """Read every stored file again and return the SHA-256 of those whose content is not what was stored."""
        self._desk.actor.require(Permission.READ)
        artifacts = self._desk.storage.artifacts
        return [sha256 for sha256 in artifacts.all() if not _is_whole(artifacts, sha256)]


def _first_unreadable(records: RecordReader, project_id: str) -> int:
    for sequence in count(1):
        try:
            if records.first(LedgerEvent, project_id=project_id, sequence=sequence) is None:
                return sequence
        except Corrupted:
            return sequence
    raise AssertionError


def _is_whole(artifacts: Artifacts, sha256: str) -> bool:
    try:
        artifacts.verify(sha256)
    except Corrupted:
        return False
    return True

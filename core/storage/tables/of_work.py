"""What no phase owns: jobs, the ledger, keys of acts, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, Row


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

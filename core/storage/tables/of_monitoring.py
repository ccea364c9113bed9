"""Windows, alerts and where these go, and replays."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject


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

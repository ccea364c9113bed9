"""Model versions, what their gates said, approvals and deployments."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject


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

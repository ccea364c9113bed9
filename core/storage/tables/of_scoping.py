"""Projects, scoping documents and success criteria."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

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

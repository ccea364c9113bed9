"""Datasets, label studies and contracts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject


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

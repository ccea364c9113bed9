"""Runs, what was found in their errors, and views of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject


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

"""Cases, decisions and post-checks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.storage.columns import UtcDateTime
from core.storage.row import NESTED, OfProject


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

"""A version of a dataset: the table itself is an artifact, known by its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.data.finding import CheckStatus, Finding, Severity


class DatasetState(StrEnum):
    """Where a dataset version stands."""

    CHECKING = "checking"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetVersion:
    """One version of a project's dataset.

    ``source`` is the SHA-256 of the dropped file, ``artifact`` that of the Parquet made of it; ``origin`` is
    ``upload`` or ``log`` (made from logged predictions and their labels). ``profile`` maps a column to its plain
    figures (kind, nulls, distinct, min, max, mean, histogram).
    """

    id: str
    project_id: str
    name: str
    number: int
    state: DatasetState
    origin: str = "upload"
    file_name: str
    source: str
    artifact: str | None = None
    rows: int = 0
    columns: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    profile: Mapping[str, Mapping[str, Any]] | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    note: str = ""
    created_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_on: datetime | None = None

    def found(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity, failed ones only."""
        return tuple(f for f in self.findings if f.severity is severity and f.status is CheckStatus.FAILED)

"""A version of a dataset: the table itself is an artifact, known by its hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.data.finding import CheckStatus, Finding, Severity
from core.frames.opened import Opened, RejectedRow, has_types
from core.frames.reading import AS_GUESSED, Reading

OPEN_TO_READING = ("csv", "excel")
"""Formats that leave open how they are read."""

_SPLIT = re.compile(r"(?<![a-z])(train|test|validation|holdout)(?:ing|_?set)?(?![a-z])", re.IGNORECASE)


class DatasetState(StrEnum):
    """Where a dataset version stands."""

    CHECKING = "checking"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class HowRead:
    """How a file became a table: ``reading`` is what a person said, ``dialect`` what came of it.

    ``rejected`` holds the first rows that did not fit the table, ``rejected_count`` says how many there were.
    """

    reading: Reading = AS_GUESSED
    dialect: Mapping[str, Any] = field(default_factory=dict[str, Any])
    rejected: tuple[RejectedRow, ...] = ()
    rejected_count: int = 0

    @classmethod
    def of(cls, opened: Opened, reading: Reading = AS_GUESSED) -> "HowRead":
        """Return how a file was read that was opened with ``reading``."""
        return cls(
            reading=reading,
            dialect=opened.dialect,
            rejected=opened.rejected,
            rejected_count=opened.rejected_count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetVersion:
    """One version of a project's dataset.

    ``source`` is the SHA-256 of the dropped file, ``artifact`` that of the Parquet made of it; ``origin`` is
    ``upload``, ``part`` (of a file whose rest is held back) or ``log`` (logged predictions and their labels).
    ``profile`` maps a column to its plain figures (kind, nulls, distinct, min, max, mean, histogram). ``parent_id``
    names the version that this one was read from anew, or else follows; ``split`` says which part of a larger table it
    is (``train``, ``before 2013-09-01``). What came before these were recorded has none of them.
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
    read: HowRead | None = None
    parent_id: str | None = None
    split: str | None = None
    created_at: datetime
    created_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_on: datetime | None = None

    def found(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity, failed ones only."""
        return tuple(f for f in self.findings if f.severity is severity and f.status is CheckStatus.FAILED)

    @property
    def typed(self) -> bool:
        """Tell whether its columns came with types of their own, not read out of text."""
        return self.origin != "log" and self.read is not None and has_types(self.read.dialect)

    @property
    def can_be_read_again(self) -> bool:
        """Tell whether another way of reading its file may help: the file is kept, is whole, and leaves it open."""
        said = self.read.dialect.get("format") if self.read else None
        unread = self.state is DatasetState.REJECTED and self.artifact is None
        kept = bool(self.source) and self.origin == "upload" and self.state is not DatasetState.CHECKING
        return kept and (unread or said in OPEN_TO_READING)


def split_in_name(file_name: str) -> str | None:
    """Return the part of a larger table that a file's name says it is: ``train`` of ``flights_train.csv``."""
    found = _SPLIT.search(file_name)
    return found[1].lower() if found else None


def other_parts(first: str | None, second: str | None) -> bool:
    """Tell whether two declared splits are different parts of one table."""
    return first is not None and second is not None and first != second


def parts_by_name(first: str, second: str) -> bool:
    """Tell whether two files' names say that they are different parts of one table, as train.csv and test.csv do."""
    return other_parts(split_in_name(first), split_in_name(second))

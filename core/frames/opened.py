"""What opening a file has found: the values that the checks read beside the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that did not fit the table; ``line`` is 1-based and counts the header."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that opening the file has changed or guessed, for the check named by ``about`` to report."""

    about: str
    column: str | None = None
    count: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file made into a table.

    ``dialect`` holds plain values: ``format``, and for text ``delimiter``, ``encoding``, ``header`` and ``skipped``
    (lines above the header). ``rejected`` holds the first rows that were left out, ``rejected_count`` all of them.
    """

    rows: int
    columns: tuple[str, ...]
    dialect: Mapping[str, Any] = field(default_factory=dict[str, Any])
    rejected: tuple[RejectedRow, ...] = ()
    rejected_count: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def typed(self) -> bool:
        """Tell whether the file says itself of which type its columns are; text and sheets do not."""
        return has_types(self.dialect)


def opened_from(values: Mapping[str, Any]) -> Opened:
    """Return what ``dataclasses.asdict`` has made plain values of."""
    return Opened(
        rows=values["rows"],
        columns=tuple(values["columns"]),
        dialect=values["dialect"],
        rejected=tuple(RejectedRow(**row) for row in values["rejected"]),
        rejected_count=values["rejected_count"],
        notes=tuple(Note(**note) for note in values["notes"]),
    )


def has_types(dialect: Mapping[str, Any]) -> bool:
    """Tell whether a file of this dialect says itself of which type its columns are."""
    return dialect.get("format") in ("parquet", "arrow", "json")

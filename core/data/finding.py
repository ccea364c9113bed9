"""What a check says about a file: one result worth reading, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.statistics.estimate import Interval


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class CheckStatus(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check on one column (``None``: on the whole table).

    ``count`` and ``share`` (0-1) say how many rows it concerns, ``interval`` is Wilson's for that share, ``sample``
    holds up to five offending rows or values, each a mapping with its row number under ``row``.
    """

    check: str
    column: str | None = None
    severity: Severity
    status: CheckStatus
    count: int = 0
    share: float = 0.0
    interval: Interval | None = None
    sample: tuple[dict[str, Any], ...] = ()
    message: str = ""

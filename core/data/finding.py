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

    ``count`` of ``of`` rows and ``share`` (0-1) say how many it concerns, ``interval`` is Wilson's for that share,
    ``sample`` holds up to five offending rows or values, each a mapping with its row number under ``row``; ``first``
    and ``last`` are the 1-based numbers of the first and last of them all, where the check can tell. ``fix`` says what
    to do about it.
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
    of: int = 0
    first: int | None = None
    last: int | None = None
    fix: str = ""

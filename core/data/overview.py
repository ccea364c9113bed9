"""A table in a few figures, from the figures of its columns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.data.finding import CheckStatus, Finding
from core.data.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How large a table is, how much of it is missing, what it consists of.

    ``repeats`` is the number of rows that stand there before already; ``None`` where nobody has looked.
    """

    rows: int
    columns: int
    missing: int
    missing_share: float
    kinds: Mapping[str, int]
    repeats: int | None


def overview(profile: Profile, findings: Sequence[Finding] = ()) -> Overview:
    """Return a table's figures."""
    rows = max((figures["count"] for figures in profile.values()), default=0)
    missing = sum(figures["nulls"] for figures in profile.values())
    return Overview(
        rows=rows,
        columns=len(profile),
        missing=missing,
        missing_share=missing / (rows * len(profile)) if rows and profile else 0.0,
        kinds=dict(Counter(figures["kind"] for figures in profile.values()).most_common()),
        repeats=_repeats(findings),
    )


def _repeats(findings: Sequence[Finding]) -> int | None:
    told = next((finding for finding in findings if finding.check == "duplicate_rows"), None)
    if told is None or told.status not in {CheckStatus.FAILED, CheckStatus.PASSED}:
        return None
    return told.count if told.status is CheckStatus.FAILED else 0

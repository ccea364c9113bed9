"""What was found, grouped by column as a person reads it: the worst column first, each finding in short words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.data.finding import CheckStatus, Finding, Severity

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_MOVED = ("drift", "changed_counts")  # the file is none the worse for it: it stands after what is wrong
_WORDS = 68
_END = re.compile(r"(“[^”]*”)|[.!?] +(?=[A-Z“\d])")
_ASIDE = re.compile(r"(“[^”]*”)| \([^()]*\)")  # what stands in quotation marks is a value, and stays whole
_STRONG = re.compile(r"[:;] ")
_WEAK = re.compile(r"[:;,] | (?:such as|like|and|which|that|as) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFindings:
    """What was found in one column (``None``: in the table as a whole), the gravest first."""

    column: str | None
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Finding:
        """Return the gravest finding."""
        return self.findings[0]


def by_column(findings: Sequence[Finding]) -> tuple[ColumnFindings, ...]:
    """Group the failed findings by column.

    Errors stand first, among equals what is wrong before what only moved, the whole table, and what concerns most rows.
    """
    failed = sorted((finding for finding in findings if finding.status is CheckStatus.FAILED), key=_gravity)
    columns = dict.fromkeys(finding.column for finding in failed)
    groups = [ColumnFindings(column=c, findings=tuple(f for f in failed if f.column == c)) for c in columns]
    return tuple(sorted(groups, key=_rank))


def _gravity(finding: Finding) -> tuple[int, bool, float]:
    return _WEIGHT[finding.severity], finding.check in _MOVED, -finding.share


def _rank(group: ColumnFindings) -> tuple[int, bool, bool, float]:
    severity, moved, share = _gravity(group.worst)
    return severity, moved, group.column is not None, share


def brief(finding: Finding, *, width: int = _WORDS) -> str:
    """Return a finding in short words beside the name of its column: its first clause, without asides and advice."""
    said = plain_message(finding)
    rest = said.removeprefix(f"{finding.column}: ").removeprefix(f"{finding.column} ") if finding.column else said
    ends = next((end.start() for end in _END.finditer(rest) if end[1] is None), len(rest))
    first = rest[:ends].rstrip(".")
    words = _ASIDE.sub(r"\1", first)
    for clause in (_STRONG, _WEAK):
        while len(words) > width and (cut := _last(clause, words)):
            words = words[:cut]
    if len(words) > width:
        words = f"{words[: words.rfind(' ', 0, width)] if ' ' in words[:width] else words[: width - 1]}…"
    return words[:1].upper() + words[1:] if rest != said else words


def plain_message(finding: Finding) -> str:
    """Return what was found, without the marks around names and without the advice, which ``plain_fix`` gives."""
    return finding.message.removesuffix(finding.fix).rstrip().replace("`", "") or finding.message


def plain_fix(finding: Finding) -> str:
    """Return what to do about a finding, without the marks around names."""
    return finding.fix.replace("`", "")


def _last(clause: re.Pattern[str], words: str) -> int:
    """Return where the last clause begins that stands outside quotation marks, or 0."""
    places = [found.start() for found in clause.finditer(words)]
    return next((p for p in reversed(places) if words[:p].count("“") == words[:p].count("”")), 0)

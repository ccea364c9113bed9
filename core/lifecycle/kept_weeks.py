"""How production has kept the contract: what its last weeks kept, and which rules they broke."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.data.contract.version import ContractVersion
from core.data.finding import Severity
from core.monitoring.window import RuleInWindow, Window

_WEEKS = 13  # a quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule that was broken in at least one week: ``weeks`` has what became of it in each, oldest first."""

    key: str
    text: str
    severity: Severity
    weeks: tuple[RuleInWindow | None, ...]

    @property
    def times(self) -> int:
        """Return in how many weeks it was broken."""
        return sum(week is not None and week.kept is False for week in self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWeeks:
    """The last weeks that a contract judged, oldest first, and what became of its rules in them.

    ``kept`` rules were never broken and were tested at least once; ``untested`` ones could not be tested in any week.
    """

    windows: tuple[Window, ...]
    broken: tuple[BrokenRule, ...]
    kept: int
    untested: int


def kept_weeks(windows: Sequence[Window], versions: Iterable[ContractVersion]) -> KeptWeeks | None:
    """Return how the last thirteen weeks kept the contract; nothing where none of them was judged."""
    judged = tuple(window for window in windows if window.rules is not None)[-_WEEKS:]
    if not judged:
        return None
    weeks = [{rule.key: rule for rule in window.rules or ()} for window in judged]
    severities = {rule.key: rule.severity for version in versions for rule in version.contract.rules}
    of_rule = {
        key: tuple(week.get(key) for week in weeks) for key in dict.fromkeys(key for week in weeks for key in week)
    }
    broken = [_broken(key, of, severities) for key, of in of_rule.items() if any(r and r.kept is False for r in of)]
    untested = sum(all(r is None or r.kept is None for r in of) for of in of_rule.values())
    return KeptWeeks(
        windows=judged,
        broken=tuple(sorted(broken, key=lambda rule: (rule.severity is not Severity.ERROR, -rule.times))),
        kept=len(of_rule) - len(broken) - untested,
        untested=untested,
    )


def _broken(key: str, weeks: tuple[RuleInWindow | None, ...], severities: Mapping[str, Severity]) -> BrokenRule:
    newest = next(rule for rule in reversed(weeks) if rule is not None)
    return BrokenRule(key=key, text=newest.text, severity=severities.get(key, Severity.WARNING), weeks=weeks)

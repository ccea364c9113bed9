"""What changes between two contracts, and the contract that a table would keep."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.data.contract.contract import Contract, Rule
from core.data.contract.judge import Judged
from core.data.contract.rules import RULES, sentence
from core.data.finding import CheckStatus, Severity
from core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule before and after; ``None`` where there was or is none.

    ``breaking`` tells whether a table that kept the contract before may break it now.
    """

    before: Rule | None
    after: Rule | None

    @property
    def breaking(self) -> bool:
        """Tell whether what kept the old contract may break the new one, at the level of an error."""
        after = self.after
        if after is None or after.severity is not Severity.ERROR:
            return False
        before = self.before
        return before is None or before.severity is not Severity.ERROR or not _wider(before, after)

    @property
    def text(self) -> tuple[str, str]:
        """Return the rule before and after in words; nothing where there is none."""
        return (_said(self.before), _said(self.after))


def changes(before: Contract, after: Contract) -> tuple[RuleChange, ...]:
    """Return the rules that differ, in the order of the newer contract, those that went at the end."""
    gone = _surplus(before.rules, after.rules)
    found: list[RuleChange] = []
    for rule in _surplus(after.rules, before.rules):
        old = next((one for one in gone if one.key == rule.key), None)
        if old is not None:
            gone.remove(old)
        found.append(RuleChange(before=old, after=rule))
    return (*found, *(RuleChange(before=rule, after=None) for rule in gone))


def widened(contract: Contract, judged: Judged) -> Contract:
    """Return the contract that the judged table would keep as far as one rule goes: changed, or without the rule.

    Raises
    ------
    InvalidInput
        The rule is kept, is not of this contract, or could not be judged.
    """
    rule = judged.rule
    if rule not in contract.rules:
        raise InvalidInput("The contract has changed since: this rule is no longer in it. Look at the page anew.")
    if judged.status is not CheckStatus.FAILED:
        raise InvalidInput(f"The rule is not broken: {sentence(rule)}. There is nothing to widen.")
    if rule.kind == "present":  # a column that may be missing has no rules at all
        return replace(contract, rules=tuple(one for one in contract.rules if one.column != rule.column))
    wider = RULES[rule.kind].widen(rule, judged.facts) if judged.facts else None
    rules = [wider if one == rule else one for one in contract.rules]
    return replace(contract, rules=tuple(one for one in rules if one is not None))


def _surplus(rules: Iterable[Rule], others: Iterable[Rule]) -> list[Rule]:
    """Return the rules that are not among others, as often as they occur more."""
    left = Counter(map(_identity, others))
    found: list[Rule] = []
    for rule in rules:
        left[_identity(rule)] -= 1
        if left[_identity(rule)] < 0:
            found.append(rule)
    return found


def _identity(rule: Rule) -> str:
    arguments = sorted((name, repr(value)) for name, value in rule.arguments.items())
    return repr((rule.kind, rule.column, arguments, rule.limit, rule.severity.value))


def _wider(before: Rule, after: Rule) -> bool:
    """Tell whether everything that keeps ``before`` keeps ``after``, as far as that can be seen from the two."""
    if before.kind == "row_count" or before.limit.operator != "<=" or after.limit.operator != "<=":
        return _same_but_for_severity(before, after)
    if before.limit.unit != after.limit.unit and before.limit.numbers != (0.0,):
        return False
    if before.limit.numbers[0] > after.limit.numbers[0]:
        return False
    return _arguments_wider(before, after)


def _same_but_for_severity(before: Rule, after: Rule) -> bool:
    return _identity(before) == _identity(replace(after, severity=before.severity))


def _arguments_wider(before: Rule, after: Rule) -> bool:
    old, new = before.arguments, after.arguments
    if old == new:
        return True
    if before.kind == "enumeration":
        return set(map(repr, old.get("values", ()))) <= set(map(repr, new.get("values", ())))
    if before.kind == "excluded":
        return set(map(repr, old.get("values", ()))) >= set(map(repr, new.get("values", ())))
    if before.kind == "type":
        return (old.get("type"), new.get("type")) in {("integer", "number"), ("date", "timestamp")}
    if before.kind in ("range", "length"):
        return _beyond(old.get("min"), new.get("min"), low=True) and _beyond(old.get("max"), new.get("max"), low=False)
    if before.kind == "freshness":
        return float(old.get("seconds", 0)) <= float(new.get("seconds", 0))
    return False


def _beyond(old: object, new: object, *, low: bool) -> bool:
    """Tell whether a bound has moved outwards, or is gone."""
    if new is None or old == new:
        return True
    if isinstance(old, int | float) and isinstance(new, int | float):
        return new < old if low else new > old
    return isinstance(old, str) and isinstance(new, str) and (new < old if low else new > old)


def _said(rule: Rule | None) -> str:
    if rule is None:
        return ""
    level = "" if rule.severity is Severity.ERROR else f" ({rule.severity.value})"
    return sentence(rule) + level

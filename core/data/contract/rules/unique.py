"""No value of a column occurs twice."""

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import RuleKind, Subject


def _columns(rule: Rule, _subject: Subject) -> list[str]:
    return [str(rule.column)]


KIND = RuleKind(
    name="unique",
    title="No value occurs twice",
    dimension="uniqueness",
    fix="Remove the repeated rows, or correct their keys.",
    says=lambda rule: f"`{rule.column}` is unique",
    together=_columns,
)

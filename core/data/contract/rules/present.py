"""A column that has to be there."""

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import RuleKind, Subject


def _missing(rule: Rule, subject: Subject) -> str | None:
    return None if rule.column in subject.schema else f"The column `{rule.column}` is missing."


KIND = RuleKind(
    name="present",
    title="The column is there",
    dimension="completeness",
    fix="Add the column to the export, or correct its name.",
    says=lambda rule: f"`{rule.column}` is there",
    on_schema=_missing,
)

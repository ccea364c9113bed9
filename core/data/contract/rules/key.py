"""No combination of the values of several columns occurs twice."""

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import CannotJudge, RuleKind, Subject


def _columns(rule: Rule, subject: Subject) -> list[str]:
    columns = [str(name) for name in rule.arguments.get("columns", ())]
    gone = [name for name in columns if name not in subject.schema]
    if gone or not columns:
        raise CannotJudge(f"The column `{gone[0]}` is missing." if gone else "The key names no columns.")
    return columns


KIND = RuleKind(
    name="key",
    title="No combination occurs twice",
    dimension="uniqueness",
    fix="Remove the repeated rows, or correct their keys.",
    says=lambda rule: f"{' and '.join(f'`{c}`' for c in rule.arguments.get('columns', ()))} together are unique",
    together=_columns,
)

"""No columns but those of the contract."""

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import RuleKind, Subject
from core.data.words import rows_of


def _others(_rule: Rule, subject: Subject) -> str | None:
    others = [name for name in subject.schema if name not in subject.contract.columns]
    if not others:
        return None
    shown = ", ".join(f"`{name}`" for name in others[:5])
    more = " …" if len(others) > 5 else ""
    return f"The contract does not know {rows_of(len(others), 'column')}: {shown}{more}."


KIND = RuleKind(
    name="closed",
    title="There are no other columns",
    dimension="conformity",
    fix="Leave the other columns out of the export.",
    says=lambda _rule: "There are no other columns",
    on_schema=_others,
)

"""One column is never larger than another."""

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import CannotJudge, RuleKind, Subject


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    name, other = str(rule.column), str(rule.arguments.get("other"))
    if other not in subject.schema:
        raise CannotJudge(f"The column `{other}` is missing.")
    both = (subject.is_number, subject.is_time)
    if not any(like(name) and like(other) for like in both):
        raise CannotJudge(f"`{name}` and `{other}` cannot be compared.")
    left, right = subject.value(name), subject.value(other)
    return left >= right if rule.arguments.get("strict") else left > right


KIND = RuleKind(
    name="order",
    title="One column is never larger than another",
    dimension="consistency",
    fix="Correct the rows in which the two are the wrong way round.",
    says=lambda rule: (
        f"`{rule.column}` is {'less than' if rule.arguments.get('strict') else 'at most'} "
        f"`{rule.arguments.get('other')}`"
    ),
    broken=_broken,
)

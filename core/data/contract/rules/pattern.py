"""Texts in which a regular expression is found."""

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import RuleKind, Subject


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    text = subject.value(str(rule.column)).cast(pl.String, strict=False)
    return ~text.str.contains(str(rule.arguments.get("pattern", "")))


KIND = RuleKind(
    name="pattern",
    title="Each value has the agreed form",
    dimension="conformity",
    fix="Correct the values that are written in another form.",
    says=lambda rule: f"`{rule.column}` has the form {rule.arguments.get('pattern')}",
    broken=_broken,
)

"""Only values out of a list."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.levels import compared, listed
from core.data.contract.rule_kind import Facts, RuleKind, Subject

MOST = 1_000  # a longer list is no list any more


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    column, values = compared(rule, subject)
    return ~column.is_in(values.implode())


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    return {"values": subject.value(str(rule.column)).drop_nulls().unique().sort().head(MOST + 1).implode()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    values = [*rule.arguments.get("values", ()), *facts["values"]]
    return None if len(values) > MOST else replace(rule, arguments={"values": values})


KIND = RuleKind(
    name="enumeration",
    title="Each value is one of a list",
    dimension="conformity",
    fix="Correct the spelling of the values that are not in the list.",
    says=lambda rule: f"`{rule.column}` is one of {listed(rule.arguments.get('values', ()))}",
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

"""None of the values of a list."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.levels import compared, listed
from core.data.contract.rule_kind import Facts, RuleKind, Subject


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    column, values = compared(rule, subject)
    return column.is_in(values.implode())


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    return {"values": subject.value(str(rule.column)).drop_nulls().unique().implode()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    left = [value for value in rule.arguments.get("values", ()) if value not in list(facts["values"])]
    return replace(rule, arguments={"values": left}) if left else None


KIND = RuleKind(
    name="excluded",
    title="No value is one of a list",
    dimension="conformity",
    fix="Replace the values that are not allowed.",
    says=lambda rule: f"`{rule.column}` is never {listed(rule.arguments.get('values', ()))}",
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

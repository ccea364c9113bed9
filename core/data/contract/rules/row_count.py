"""How many rows there are: the limit is what was agreed."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Limit, Rule
from core.data.contract.rule_kind import Facts, RuleKind, Subject


def _says(rule: Rule) -> str:
    return "There is at least 1 row" if rule.limit.text == "at least 1" else f"There are {rule.limit.text} rows"


def _counted(_rule: Rule, _subject: Subject) -> pl.Expr:
    return pl.len()


def _facts(_rule: Rule, _subject: Subject) -> Mapping[str, pl.Expr]:
    return {}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    operator, numbers, rows = rule.limit.operator, rule.limit.numbers, float(facts["rows"])
    if operator in (">", ">="):
        return replace(rule, limit=Limit(operator=">=", numbers=(rows,)))
    if operator in ("<", "<="):
        return replace(rule, limit=Limit(operator="<=", numbers=(rows,)))
    if operator in ("==", "between"):
        low, high = min(*numbers, rows), max(*numbers, rows)
        return replace(rule, limit=Limit(operator="between", numbers=(low, high)))
    return None


KIND = RuleKind(
    name="row_count",
    title="There are as many rows as agreed",
    dimension="coverage",
    fix="Find out which rows are missing, or came twice.",
    says=_says,
    counted=_counted,
    facts=_facts,
    widen=_widen,
)

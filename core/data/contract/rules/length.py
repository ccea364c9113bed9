"""Texts of so many characters."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import Facts, RuleKind, Subject


def _says(rule: Rule) -> str:
    low, high = rule.arguments.get("min"), rule.arguments.get("max")
    if low == high:
        return f"`{rule.column}` has {low} characters"
    said = [f"at least {low}"] if low is not None else []
    said += [f"at most {high}"] if high is not None else []
    return f"`{rule.column}` has {' and '.join(said)} characters"


def _characters(rule: Rule, subject: Subject) -> pl.Expr:
    return subject.value(str(rule.column)).cast(pl.String, strict=False).str.len_chars().cast(pl.Int64)


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    count, low, high = _characters(rule, subject), rule.arguments.get("min"), rule.arguments.get("max")
    outside = count < low if low is not None else pl.lit(value=False)
    return outside | (count > high) if high is not None else outside


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    count = _characters(rule, subject)
    return {"min": count.min(), "max": count.max()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    arguments = dict(rule.arguments)
    if arguments.get("min") is not None:
        arguments["min"] = min(arguments["min"], facts["min"])
    if arguments.get("max") is not None:
        arguments["max"] = max(arguments["max"], facts["max"])
    return replace(rule, arguments=arguments)


KIND = RuleKind(
    name="length",
    title="Each text is as long as agreed",
    dimension="conformity",
    fix="Find out why texts are cut off or filled up.",
    says=_says,
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

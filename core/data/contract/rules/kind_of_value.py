"""The type of a column: each value can be read as one."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import Facts, RuleKind, Subject
from core.data.contract.typed import type_of

_KINDS = {
    "string": "text",
    "integer": "whole numbers",
    "number": "numbers",
    "boolean": "true or false",
    "date": "dates",
    "timestamp": "times",
}


def _says(rule: Rule) -> str:
    kind = str(rule.arguments.get("type"))
    return f"`{rule.column}` holds {_KINDS.get(kind, kind)}"


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    name = str(rule.column)
    actual, declared = type_of(subject.schema[name]), rule.arguments.get("type")
    present = ~subject.missing(name)
    if declared == "string":  # everything can be written as text: it is another type only where it came as one
        return present if subject.typed and actual not in ("string", None) else pl.lit(value=False)
    return present & subject.value(name).is_null()


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    actual = type_of(subject.schema[str(rule.column)]) or "string"
    fraction = rule.arguments.get("type") == "integer" and actual == "number"
    return {"type": pl.lit("number" if fraction else actual)}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    return replace(rule, arguments={"type": facts["type"]})


KIND = RuleKind(
    name="type",
    title="Each value is of the agreed type",
    dimension="conformity",
    fix="Write the column as the agreed type in the export.",
    says=_says,
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

"""No cell of a column is empty, nor holds one of the texts that mean so."""

import math
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.data.contract.contract import Limit, Rule
from core.data.contract.rule_kind import Facts, RuleKind, Subject


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    name = str(rule.column)
    empty = subject.missing(name)
    also = [str(text) for text in rule.arguments.get("also", ())]
    return empty | pl.col(name).cast(pl.String, strict=False).is_in(also).fill_null(value=False) if also else empty


def _facts(_rule: Rule, _subject: Subject) -> Mapping[str, pl.Expr]:
    return {"broken": pl.len()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    """Return the rule that lets through as large a share as these data have, rounded up to whole percent."""
    percent = math.ceil(100 * facts["broken"] / max(facts["rows"], 1))
    if percent >= 100:
        return None
    return replace(rule, limit=Limit(operator="<=", numbers=(float(percent),), unit="percent"))


KIND = RuleKind(
    name="not_null",
    title="No cell is empty",
    dimension="completeness",
    fix="Fill the empty cells in the source, or find out why they are empty.",
    says=lambda rule: f"`{rule.column}` is never empty",
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

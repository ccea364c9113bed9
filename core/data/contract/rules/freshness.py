"""The newest time of a column is not older than agreed."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import CannotJudge, Facts, RuleKind, Subject


def age(seconds: float) -> str:
    """Return a length of time in its largest whole unit: ``3 days``."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            count = int(seconds // length)
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return f"{seconds:,.0f} seconds"


def _counted(rule: Rule, subject: Subject) -> pl.Expr:
    """Return 1 where even the newest row is too old, or there is none."""
    name = str(rule.column)
    if not subject.is_time(name):
        raise CannotJudge(f"`{name}` holds no times.")
    due = subject.now.astimezone(UTC).replace(tzinfo=None) - timedelta(seconds=float(rule.arguments["seconds"]))
    return (~(subject.value(name).cast(pl.Datetime("us")).max() > due).fill_null(value=False)).cast(pl.Int64)


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    newest = subject.value(str(rule.column)).cast(pl.Datetime("us")).max()
    return {"age": (pl.lit(subject.now.astimezone(UTC).replace(tzinfo=None)) - newest).dt.total_seconds()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    if facts["age"] is None:
        return None
    return replace(rule, arguments={"seconds": 86_400 * (math.floor(facts["age"] / 86_400) + 1)})


KIND = RuleKind(
    name="freshness",
    title="The newest row is young enough",
    dimension="timeliness",
    fix="Ask for a newer export.",
    says=lambda rule: f"The newest `{rule.column}` is less than {age(float(rule.arguments.get('seconds', 0)))} old",
    counted=_counted,
    facts=_facts,
    widen=_widen,
)

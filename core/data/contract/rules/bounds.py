"""Numbers or times within bounds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import CannotJudge, Facts, RuleKind, Subject
from core.data.contract.typed import moment


def bound(value: Any) -> str:
    """Return a bound as it stands in a sentence."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _says(rule: Rule) -> str:
    low, high = rule.arguments.get("min"), rule.arguments.get("max")
    above = "above" if rule.arguments.get("above") else "at least"
    below = "below" if rule.arguments.get("below") else "at most"
    said = [f"{above} {bound(low)}"] if low is not None else []
    said += [f"{below} {bound(high)}"] if high is not None else []
    return f"`{rule.column}` is {' and '.join(said) or 'any number'}"


def _broken(rule: Rule, subject: Subject) -> pl.Expr:
    name = str(rule.column)
    value, outside = subject.value(name), pl.lit(value=False)
    low, high = (_comparable(rule.arguments.get(side), name, subject) for side in ("min", "max"))
    if low is not None:
        outside = outside | (value <= low if rule.arguments.get("above") else value < low)
    if high is not None:
        outside = outside | (value >= high if rule.arguments.get("below") else value > high)
    return outside


def _comparable(limit: Any, name: str, subject: Subject) -> Any:
    if limit is None:
        return None
    if subject.is_number(name) and isinstance(limit, int | float):
        return limit
    found = moment(limit) if subject.is_time(name) else None
    if found is None:
        raise CannotJudge(f"The values of `{name}` cannot be compared with {bound(limit)}.")
    return found


def _facts(rule: Rule, subject: Subject) -> Mapping[str, pl.Expr]:
    value = subject.value(str(rule.column))
    return {"min": value.min(), "max": value.max()}


def _widen(rule: Rule, facts: Facts) -> Rule | None:
    arguments = dict(rule.arguments)
    for side, open_side, beyond in (("min", "above", _less), ("max", "below", _more)):
        seen, agreed = _plain(facts[side]), arguments.get(side)
        if agreed is None:
            continue
        if beyond(seen, agreed) or (seen == agreed and arguments.get(open_side)):
            arguments[side] = seen
            arguments.pop(open_side, None)
    return replace(rule, arguments=arguments)


def _less(seen: Any, agreed: Any) -> bool:
    return _ordered(seen) < _ordered(agreed)


def _more(seen: Any, agreed: Any) -> bool:
    return _ordered(seen) > _ordered(agreed)


def _ordered(value: Any) -> Any:
    return moment(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) or hasattr(value, "isoformat") else value


KIND = RuleKind(
    name="range",
    title="Each value lies within bounds",
    dimension="conformity",
    fix="Correct the values outside the bounds: a wrong unit, sign or decimal point is the commonest reason.",
    says=_says,
    broken=_broken,
    facts=_facts,
    widen=_widen,
)

"""The kinds of rules that a contract may hold."""

from collections.abc import Mapping

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import RuleKind
from core.data.contract.rules import (
    bounds,
    closed,
    enumeration,
    excluded,
    freshness,
    key,
    kind_of_value,
    known_format,
    length,
    not_null,
    order,
    pattern,
    present,
    row_count,
    unique,
)

RULES: Mapping[str, RuleKind] = {
    "present": present.KIND,
    "closed": closed.KIND,
    "type": kind_of_value.KIND,
    "not_null": not_null.KIND,
    "unique": unique.KIND,
    "key": key.KIND,
    "range": bounds.KIND,
    "enumeration": enumeration.KIND,
    "excluded": excluded.KIND,
    "pattern": pattern.KIND,
    "length": length.KIND,
    "format": known_format.KIND,
    "row_count": row_count.KIND,
    "freshness": freshness.KIND,
    "order": order.KIND,
}


def sentence(rule: Rule) -> str:
    """Return a rule in words: what was agreed, and how many rows may break it where some may."""
    kind = RULES.get(rule.kind)
    said = kind.says(rule) if kind else f"{rule.kind} of `{rule.column}`"
    if rule.kind == "row_count" or (rule.limit.operator, rule.limit.numbers[:1]) == ("<=", (0.0,)):
        return said
    return f"{said}; {rule.limit.text} of the rows may not be"

"""Rules as plain tests of a row's values: what an expression says of a row, without the cost of a table.

Only where that is the very same: a pattern, whose dialect is Polars' own, and what has to be parsed have no such test.
Values are those of the wire: a finite ``float``, a ``str`` or ``None``.
"""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any

from core.data.contract.contract import Rule
from core.data.contract.levels import compared
from core.data.contract.rule_kind import Subject

OneTest = Callable[[Any], bool]
PairTest = Callable[[Any, Any], bool]
Test = OneTest | PairTest
"""Tells whether the values that a rule is on break it: those of its column, and of the other one where it has two."""

_WHOLE = (-(2.0**63), 2.0**63)


def never(_value: Any) -> bool:
    """Tell that no value breaks a rule."""
    return False


def value_test(rule: Rule, subject: Subject) -> Test | None:
    """Return the plain test of a rule on the columns of ``subject``, or ``None`` where there is none."""
    make = _TESTS.get(rule.kind)
    return make(rule, subject) if make else None


def _not_null(rule: Rule, _subject: Subject) -> OneTest | None:
    return None if rule.arguments.get("also") else lambda value: value is None


def _type(rule: Rule, subject: Subject) -> OneTest | None:
    declared = rule.arguments.get("type")
    if declared == "integer" and _float(rule, subject):
        return lambda value: value is not None and not _is_whole(value)
    reads_all = declared == "string" or (declared == "number" and _float(rule, subject))
    return never if reads_all else None


def _range(rule: Rule, subject: Subject) -> OneTest | None:
    limits = [rule.arguments.get(side) for side in ("min", "max")]
    if not _number(rule, subject) or any(isinstance(limit, bool | str) for limit in limits):
        return None
    low, high = (sign * float("inf") if limit is None else limit for sign, limit in zip((-1, 1), limits, strict=True))
    under, over = le if rule.arguments.get("above") else lt, ge if rule.arguments.get("below") else gt
    if subject.contract.type_of(str(rule.column)) == "integer":
        return lambda value: value is not None and (under(value, low) or over(value, high)) and _is_whole(value)
    low, high = float(low), float(high)  # as an expression compares numbers with a whole bound
    return lambda value: value is not None and (under(value, low) or over(value, high))


def _enumeration(rule: Rule, subject: Subject) -> OneTest | None:
    values = _levels(rule, subject)
    return None if values is None else lambda value: value is not None and value not in values


def _excluded(rule: Rule, subject: Subject) -> OneTest | None:
    values = _levels(rule, subject)
    return None if values is None else lambda value: value in values


def _length(rule: Rule, subject: Subject) -> OneTest | None:
    if not _text(rule, subject):
        return None
    low, high = rule.arguments.get("min") or 0, rule.arguments.get("max")
    most = float("inf") if high is None else high
    return lambda value: value is not None and not low <= len(value) <= most


def _order(rule: Rule, subject: Subject) -> PairTest | None:
    both = {str(rule.column), str(rule.arguments.get("other"))}
    if len(both) < 2 or not all(_plain(name, subject) for name in both):
        return None
    wrong = ge if rule.arguments.get("strict") else gt
    return lambda left, right: left is not None and right is not None and wrong(left, right)


def _levels(rule: Rule, subject: Subject) -> frozenset[Any] | None:
    if not _text(rule, subject) and not _plain(str(rule.column), subject):
        return None
    return frozenset(compared(rule, subject)[1].drop_nulls().to_list())


def _is_whole(value: float) -> bool:
    return _WHOLE[0] <= value < _WHOLE[1] and value.is_integer()


def _float(rule: Rule, subject: Subject) -> bool:
    return subject.schema[str(rule.column)].is_float()


def _number(rule: Rule, subject: Subject) -> bool:
    return _float(rule, subject) and subject.is_number(str(rule.column))


def _plain(column: str, subject: Subject) -> bool:
    """Tell whether a column's numbers are judged as they come: read as whole numbers, some would be missing."""
    return subject.schema[column].is_float() and subject.contract.type_of(column) in (None, "number")


def _text(rule: Rule, subject: Subject) -> bool:
    column = str(rule.column)
    return not _float(rule, subject) and subject.contract.type_of(column) in (None, "string")


_TESTS: Mapping[str, Callable[[Rule, Subject], Test | None]] = {
    "not_null": _not_null,
    "type": _type,
    "range": _range,
    "enumeration": _enumeration,
    "excluded": _excluded,
    "length": _length,
    "order": _order,
}

"""A contract as a table to edit: one row a column, each agreement a cell of text or a tick.

What a cell does not show (how many rows may break a rule, how bad that is) stays as it was agreed.
"""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from core.data.contract.contract import TYPES, Contract, Rule
from core.data.contract.rules.bounds import bound
from core.data.contract.typed import moment
from core.errors import InvalidInput

_NUMBERS, _TIMES = ("integer", "number"), ("date", "timestamp")
_LARGEST_WHOLE = 2**53  # beyond it a float is no longer every whole number


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed on one column; an empty text where nothing was."""

    column: str
    type: str = ""
    required: bool = False
    unique: bool = False
    least: str = ""
    most: str = ""
    values: str = ""
    pattern: str = ""


def terms_of(contract: Contract) -> tuple[Terms, ...]:
    """Return the terms of every column, in the order of the contract."""
    return tuple(_terms(contract, column) for column in contract.columns)


def with_terms(contract: Contract, edited: Sequence[Terms]) -> Contract:
    """Return the contract with the terms as they were edited; rules that no cell shows stay.

    Raises
    ------
    InvalidInput
        A cell does not say what it has to.
    """
    changed = contract
    for terms in edited:
        before = _terms(contract, terms.column)
        for kind, reading in _KINDS.items():
            retyped = terms.type != before.type and reading.said(terms)
            if retyped or reading.said(terms) != reading.said(before):
                changed = _changed(changed, kind, reading, terms)
    return changed


def beyond_terms(contract: Contract) -> tuple[Rule, ...]:
    """Return the rules that no terms show; that a column is there, they show by its row."""
    return tuple(
        rule
        for rule in contract.rules
        if rule.column is None
        or (rule.kind != "present" and (rule.kind not in _KINDS or rule is not contract.find(rule.kind, rule.column)))
    )


def _terms(contract: Contract, column: str) -> Terms:
    held = {kind: contract.find(kind, column) for kind in _KINDS}
    range_, values, pattern = held["range"], held["enumeration"], held["pattern"]
    return Terms(
        column=column,
        type=contract.type_of(column) or "",
        required=held["not_null"] is not None,
        unique=held["unique"] is not None,
        least=_end(range_, "min"),
        most=_end(range_, "max"),
        values=_listed(values.arguments.get("values", ())) if values else "",
        pattern=str(pattern.arguments.get("pattern", "")) if pattern else "",
    )


def _end(rule: Rule | None, side: str) -> str:
    value = rule.arguments.get(side) if rule else None
    return "" if value is None else bound(value)


def _listed(values: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([bound(value) for value in values])
    return line.getvalue().replace(",", ", ") if '"' not in line.getvalue() else line.getvalue()


# What a cell says, as the arguments of a rule


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the terms say of a kind of rule (nothing agreed: false), and the arguments that the rule gets by it."""

    said: Callable[[Terms], Any]
    arguments: Callable[[Terms, Mapping[str, Any]], Mapping[str, Any]]


def _as_it_was(_terms: Terms, current: Mapping[str, Any]) -> Mapping[str, Any]:
    return current


def _type(terms: Terms, _current: Mapping[str, Any]) -> Mapping[str, Any]:
    if terms.type not in TYPES:
        raise InvalidInput(f"`{terms.column}`: {terms.type!r} is no type. The types are {', '.join(TYPES)}.")
    return {"type": terms.type}


def _range(terms: Terms, current: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for side, beyond, text in (("min", "above", terms.least), ("max", "below", terms.most)):
        if not text:
            continue
        before = current.get(side)
        written = _bound(terms, text)
        unchanged = before is not None and bound(before) == text
        found[side] = before if unchanged else written
        if unchanged and current.get(beyond):
            found[beyond] = True
    return found


def _bound(terms: Terms, text: str) -> Any:
    """Return what a bound says, by the type of its column."""
    if terms.type in _TIMES or (not terms.type and _number(text) is None and moment(text) is not None):
        if moment(text) is None:
            raise InvalidInput(f"`{terms.column}`: {text!r} is no time. Write it as 2013-07-01 or 2013-07-01 13:00.")
        return text
    if terms.type and terms.type not in _NUMBERS:
        raise InvalidInput(f"`{terms.column}` holds {terms.type} values, which have no bounds. Leave them empty.")
    number = _number(text)
    if number is None:
        raise InvalidInput(f"`{terms.column}`: {text!r} is no number. Write one such as 12.5, or leave it empty.")
    return number


def _number(text: str) -> float | int | None:
    try:
        found = float(text)
    except ValueError:
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < _LARGEST_WHOLE else found


def _values(terms: Terms, _current: Mapping[str, Any]) -> Mapping[str, Any]:
    said = [value for value in next(csv.reader([terms.values], skipinitialspace=True)) if value]
    if terms.type not in _NUMBERS:
        return {"values": said}
    numbers = [(value, _number(value)) for value in said]
    wrong = next((value for value, number in numbers if number is None), None)
    if wrong is not None:
        raise InvalidInput(f"`{terms.column}`: {wrong!r} is no number. Write the values as 1, 2, 3.")
    return {"values": [number for _, number in numbers]}


def _pattern(terms: Terms, _current: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        pl.Series([""]).str.contains(terms.pattern)
    except pl.exceptions.ComputeError as problem:
        raise InvalidInput(
            f"`{terms.column}`: {terms.pattern!r} is no regular expression. Correct it, or leave it empty."
        ) from problem
    return {"pattern": terms.pattern}


_KINDS: Mapping[str, _Reading] = {
    "type": _Reading(lambda terms: terms.type, _type),
    "not_null": _Reading(lambda terms: terms.required, _as_it_was),
    "unique": _Reading(lambda terms: terms.unique, _as_it_was),
    "range": _Reading(lambda terms: (terms.least, terms.most) if terms.least or terms.most else (), _range),
    "enumeration": _Reading(lambda terms: terms.values, _values),
    "pattern": _Reading(lambda terms: terms.pattern, _pattern),
}


# A rule that is changed, begun or ended


def _changed(contract: Contract, kind: str, reading: _Reading, terms: Terms) -> Contract:
    current = contract.find(kind, terms.column)
    if not reading.said(terms):
        return replace(contract, rules=tuple(rule for rule in contract.rules if rule is not current))
    arguments = reading.arguments(terms, current.arguments if current else {})
    if current is None:
        return _put(contract, Rule(kind=kind, column=terms.column, arguments=arguments))
    wanted = replace(current, arguments=arguments)
    return replace(contract, rules=tuple(wanted if rule is current else rule for rule in contract.rules))


def _put(contract: Contract, rule: Rule) -> Contract:
    """Put a rule behind the others of its column."""
    others = contract.of(rule.column)
    at = contract.rules.index(others[-1]) + 1 if others else len(contract.rules)
    return replace(contract, rules=(*contract.rules[:at], rule, *contract.rules[at:]))

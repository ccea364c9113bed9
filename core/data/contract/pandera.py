"""A contract out of a Pandera schema (YAML). Only the text is read; nothing of it is run.

Pandera has written its checks in three forms: in the column itself, under ``checks`` by name, and as a list.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.data.contract.contract import Contract, Rule
from core.data.contract.imported import Imported, figure, listed, mapping
from core.data.contract.named_types import logical_type
from core.data.finding import Severity

Check = Mapping[str, Any]
_OWN = frozenset(
    (
        *("dtype", "nullable", "unique", "required", "coerce", "regex", "checks", "title", "description", "default"),
        *("metadata", "parsers", "report_duplicates", "drop_invalid_rows"),
    )
)


def from_pandera(document: Mapping[str, Any], *, name: str) -> Imported:
    """Read a schema; what has no place in a contract is listed."""
    rules: list[Rule] = []
    left: list[str] = []
    for column, fields in mapping(document.get("columns")).items():
        found, lost = _column(str(column), mapping(fields))
        rules += found
        left += lost
    keys = document.get("unique")
    columns = [keys] if isinstance(keys, str) else [str(key) for key in listed(keys)]
    if len(columns) == 1:
        rules.append(Rule(kind="unique", column=columns[0]))
    elif columns:
        rules.append(Rule(kind="key", arguments={"columns": columns}))
    if document.get("strict") is True:
        rules.append(Rule(kind="closed"))
    left += [f"The {part} of the whole table are not carried over." for part in ("checks",) if document.get(part)]
    left += ["The order of the columns is not carried over."] if document.get("ordered") else []
    left += ["The index is not carried over."] if document.get("index") else []
    named = document.get("name") or name
    return Imported(contract=Contract(name=str(named), rules=tuple(rules)), form="Pandera", left_out=tuple(left))


def _column(column: str, fields: Mapping[str, Any]) -> tuple[list[Rule], list[str]]:
    if fields.get("regex"):
        return [], [f"The columns {column} are named by a pattern; they are not carried over."]
    rules = list(_plain_rules(column, fields))
    left: list[str] = []
    if fields.get("dtype") is not None and logical_type(fields["dtype"]) is None:
        left.append(f"The type {fields['dtype']} of {column} is not carried over.")
    for check, values in _checks(fields):
        rule = _rule(column, check, values)
        if rule is None:
            left.append(f"The check {check} of {column} is not carried over.")
        else:
            rules.append(rule)
    return rules, left


def _plain_rules(column: str, fields: Mapping[str, Any]) -> Iterable[Rule]:
    if fields.get("required", True):
        yield Rule(kind="present", column=column)
    if declared := logical_type(fields.get("dtype")):
        yield Rule(kind="type", column=column, arguments={"type": declared})
    if not fields.get("nullable", False):
        yield Rule(kind="not_null", column=column)
    if fields.get("unique"):
        yield Rule(kind="unique", column=column)


def _checks(fields: Mapping[str, Any]) -> Iterable[tuple[str, Check]]:
    for name, value in fields.items():
        if name not in _OWN and value is not None:
            yield name, _values(value)
    for name, value in mapping(fields.get("checks")).items():
        yield str(name), _values(value)
    for entry in map(mapping, listed(fields.get("checks"))):
        yield str(mapping(entry.get("options")).get("check_name")), entry


def _values(value: Any) -> Check:
    return mapping(value) if isinstance(value, Mapping) else {"value": value}


def _rule(column: str, check: str, values: Check) -> Rule | None:
    reads = _READS.get(check)
    found = reads(values) if reads else None
    if found is None:
        return None
    kind, arguments = found
    options = mapping(values.get("options")) or values
    severity = Severity.WARNING if options.get("raise_warning") else Severity.ERROR
    return Rule(kind=kind, column=column, arguments=arguments, severity=severity)


def _one(values: Check, *names: str) -> Any:
    return next((values[name] for name in ("value", *names) if values.get(name) is not None), None)


_Found = tuple[str, dict[str, Any]] | None


def _bound(side: str, opened: str = "") -> Callable[[Check], _Found]:
    def read(values: Check) -> _Found:
        bound = _one(values, f"{side}_value")
        if not isinstance(bound, int | float | str) or isinstance(bound, bool):
            return None
        return "range", {side: bound, **({opened: True} if opened else {})}

    return read


def _in_range(values: Check) -> _Found:
    low, high = values.get("min_value"), values.get("max_value")
    if low is None or high is None:
        return None
    above = {} if values.get("include_min", True) else {"above": True}
    below = {} if values.get("include_max", True) else {"below": True}
    return "range", {"min": low, "max": high, **above, **below}


def _list(kind: str, name: str) -> Callable[[Check], _Found]:
    def read(values: Check) -> _Found:
        allowed = list(listed(_one(values, name)))
        return (kind, {"values": allowed}) if allowed else None

    return read


def _equal(kind: str) -> Callable[[Check], _Found]:
    def read(values: Check) -> _Found:
        value = _one(values)
        return None if value is None else (kind, {"values": [value]})

    return read


def _text(form: str, name: str, *, literal: bool = False) -> Callable[[Check], _Found]:
    def read(values: Check) -> _Found:
        text = _one(values, name)
        if not isinstance(text, str):
            return None
        return "pattern", {"pattern": form.format(_escaped(text) if literal else text)}

    return read


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\.^$*+?()[]{}|" else sign for sign in text)


def _length(values: Check) -> _Found:
    exact = figure(values.get("exact_value") if "exact_value" in values else values.get("value"))
    low = exact if exact is not None else figure(values.get("min_value"))
    high = exact if exact is not None else figure(values.get("max_value"))
    found = {side: value for side, value in (("min", low), ("max", high)) if value is not None}
    return ("length", found) if found else None


_READS: Mapping[str, Callable[[Check], _Found]] = {
    "in_range": _in_range,
    "greater_than": _bound("min", "above"),
    "greater_than_or_equal_to": _bound("min"),
    "less_than": _bound("max", "below"),
    "less_than_or_equal_to": _bound("max"),
    "equal_to": _equal("enumeration"),
    "not_equal_to": _equal("excluded"),
    "isin": _list("enumeration", "allowed_values"),
    "notin": _list("excluded", "forbidden_values"),
    "str_matches": _text("^(?:{})", "pattern"),
    "str_contains": _text("{}", "pattern"),
    "str_startswith": _text("^{}", "string", literal=True),
    "str_endswith": _text("{}$", "string", literal=True),
    "str_length": _length,
}

"""A contract as the Open Data Contract Standard writes it, version 3.2, in YAML.

What the standard has a place for stands there; the few kinds of rules it has none for (one column at most another, no
other columns, values that are not allowed) are its custom quality rules, named by our engine.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.rules import RULES, sentence
from core.data.finding import Severity

VERSION = "v3.2.0"
ENGINE = "fullcircle"
OPERATORS: Mapping[str, str] = {
    "==": "mustBe",
    "!=": "mustNotBe",
    "<": "mustBeLessThan",
    "<=": "mustBeLessOrEqualTo",
    ">": "mustBeGreaterThan",
    ">=": "mustBeGreaterOrEqualTo",
    "between": "mustBeBetween",
    "not between": "mustNotBeBetween",
}


def to_odcs(contract: Contract, *, identity: str, version: str = "1", status: str = "active") -> str:
    """Return a contract as YAML; ``identity`` is the ``id`` that the standard asks for."""
    return yaml.safe_dump(
        document(contract, identity=identity, version=version, status=status), sort_keys=False, allow_unicode=True
    )


def document(contract: Contract, *, identity: str, version: str = "1", status: str = "active") -> dict[str, Any]:
    """Return a contract as the standard's plain values."""
    table: dict[str, Any] = {"name": contract.name, "logicalType": "object", "physicalType": "table"}
    properties = [_property(contract, column) for column in contract.columns]
    quality = [written for rule in contract.of(None) for written in _quality(rule)]
    levels = [_freshness(contract, rule) for rule in contract.rules if _is_service_level(rule)]
    return {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": identity,
        "name": contract.name,
        "version": version,
        "status": status,
        "schema": [
            table | ({"properties": properties} if properties else {}) | ({"quality": quality} if quality else {})
        ],
        **({"slaProperties": levels} if levels else {}),
    }


def _property(contract: Contract, column: str) -> dict[str, Any]:
    written: dict[str, Any] = {"name": column}
    options: dict[str, Any] = {}
    quality: list[dict[str, Any]] = []
    for rule in contract.of(column):
        if not _is_service_level(rule) and not _place(rule, contract, written, options):
            quality += _quality(rule)
    marks = ["mayBeMissing"] if contract.find("present", column) is None else []
    if "logicalType" not in written:  # the standard's schema takes a property without a type for a map
        marks.append("anyType")
        written["logicalType"] = "string"
    if marks:
        written["customProperties"] = [{"property": mark, "value": True, "vendor": ENGINE} for mark in marks]
    if options:
        written["logicalTypeOptions"] = options
    return written | ({"quality": quality} if quality else {})


def _place(rule: Rule, contract: Contract, written: dict[str, Any], options: dict[str, Any]) -> bool:
    """Write a rule where the standard has a field for it; tell whether it has one that is still free."""
    if not _is_plain(rule):
        return False
    typed = contract.find("type", rule.column)
    fields = _fields(rule, contract.type_of(str(rule.column)) if typed and _is_plain(typed) else None)
    if fields is None or any(name in written for name in fields[0]) or any(name in options for name in fields[1]):
        return False
    written.update(fields[0])
    options.update(fields[1])
    return True


def _is_plain(rule: Rule) -> bool:
    return rule.limit == Limit() and rule.severity is Severity.ERROR


def _fields(rule: Rule, declared: str | None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the fields of the property, and of its options, that say a rule; ``None`` where there are none."""
    arguments = rule.arguments
    plain: dict[str, dict[str, Any]] = {"present": {}, "unique": {"unique": True}}
    if not arguments:
        plain["not_null"] = {"required": True}
    if rule.kind == "type":
        plain["type"] = {"logicalType": arguments["type"]}
    if rule.kind == "enumeration" and _can_be_listed(arguments["values"]):
        plain["enumeration"] = {"enum": [{"value": value} for value in arguments["values"]]}
    if rule.kind in plain:
        return plain[rule.kind], {}
    options = _options(rule) if declared == "string" or rule.kind == "range" else None
    return None if options is None or (rule.kind == "range" and not _in_order(rule, declared)) else ({}, options)


def _in_order(rule: Rule, declared: str | None) -> bool:
    """Tell whether the standard has bounds of this kind for the type: texts for times, numbers for numbers."""
    bounds = [rule.arguments[side] for side in ("min", "max") if rule.arguments.get(side) is not None]
    if declared in ("date", "timestamp"):
        return all(isinstance(bound, str) for bound in bounds)
    return declared in ("integer", "number") and not any(isinstance(bound, str) for bound in bounds)


def _options(rule: Rule) -> dict[str, Any] | None:
    arguments = rule.arguments
    if rule.kind == "range":
        return _bounds(arguments)
    if rule.kind == "length":
        return {f"{side}Length": arguments[side] for side in ("min", "max") if arguments.get(side) is not None}
    return {"pattern": arguments["pattern"]} if rule.kind == "pattern" else None


def _can_be_listed(values: Iterable[Any]) -> bool:
    found = list(values)
    return bool(found) and len({json.dumps(value) for value in found}) == len(found)


def _bounds(arguments: Mapping[str, Any]) -> dict[str, Any]:
    named = {"min": ("minimum", "exclusiveMinimum", "above"), "max": ("maximum", "exclusiveMaximum", "below")}
    return {
        (exclusive if arguments.get(opened) else plain): arguments[side]
        for side, (plain, exclusive, opened) in named.items()
        if arguments.get(side) is not None
    }


def _quality(rule: Rule) -> Iterable[dict[str, Any]]:
    """Write a rule as one of the standard's quality metrics, or as a custom one."""
    metric = _metric(rule)
    kind = RULES.get(rule.kind)
    common: dict[str, Any] = {
        "description": sentence(rule),
        **({"dimension": kind.dimension} if kind else {}),
        "severity": rule.severity.value,
    }
    if metric is None:
        yield {"type": "custom", "engine": ENGINE, "implementation": json.dumps(_plain(rule)), **common}
        return
    number: Any = list(rule.limit.numbers) if "between" in rule.limit.operator else rule.limit.numbers[0]
    yield {
        "type": "library",
        **metric,
        OPERATORS[rule.limit.operator]: _whole(number),
        **({"unit": "percent"} if rule.limit.unit == "percent" else {}),
        **common,
    }


def _metric(rule: Rule) -> dict[str, Any] | None:
    arguments = rule.arguments
    if rule.kind == "row_count":
        return {"metric": "rowCount"}
    if rule.kind == "not_null":
        also = list(arguments.get("also", ()))
        return {"metric": "missingValues", "arguments": {"missingValues": also}} if also else {"metric": "nullValues"}
    if rule.kind == "unique" and rule.limit.unit == "rows":
        return {"metric": "duplicateValues"}
    if rule.kind == "key" and rule.limit.unit == "rows":
        return {"metric": "duplicateValues", "arguments": {"properties": list(arguments["columns"])}}
    if rule.kind == "enumeration":
        return {"metric": "invalidValues", "arguments": {"validValues": list(arguments["values"])}}
    if rule.kind == "pattern":
        return {"metric": "invalidValues", "arguments": {"pattern": arguments["pattern"]}}
    return None


def _whole(number: Any) -> Any:
    if isinstance(number, list):
        return [_whole(one) for one in number]
    return int(number) if float(number).is_integer() else number


def _plain(rule: Rule) -> dict[str, Any]:
    """Return what a custom rule needs to be read back."""
    limit = rule.limit
    return {
        "rule": rule.kind,
        "arguments": dict(rule.arguments),
        "limit": {"operator": limit.operator, "numbers": list(limit.numbers), "unit": limit.unit},
    }


def _is_service_level(rule: Rule) -> bool:
    return rule.kind == "freshness" and rule.severity is Severity.ERROR


def _freshness(contract: Contract, rule: Rule) -> dict[str, Any]:
    seconds = float(rule.arguments["seconds"])
    units = (("d", 86_400), ("h", 3_600), ("m", 60))
    unit, length = next((one for one in units if seconds % one[1] == 0), ("s", 1))
    value: Any = int(seconds // length) if unit != "s" else f"PT{int(seconds)}S"
    return {
        "property": "freshness",
        "value": value,
        **({"unit": unit} if unit != "s" else {}),
        "element": f"{contract.name}.{rule.column}",
    }

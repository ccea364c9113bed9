"""A contract out of the Open Data Contract Standard, version 3."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.data.contract.contract import OPERATORS as KNOWN_OPERATORS
from core.data.contract.contract import TYPES, Contract, Limit, Rule
from core.data.contract.imported import Imported, figure, listed, mapping
from core.data.contract.odcs import ENGINE, OPERATORS
from core.data.contract.rules import RULES
from core.data.contract.typed import moment
from core.data.finding import Severity
from core.errors import InvalidInput

_MILD = {"info": Severity.INFO, "low": Severity.INFO, "trivial": Severity.INFO} | dict.fromkeys(
    ("warning", "warn", "minor"), Severity.WARNING
)
_UNITS = (
    (86_400, ("d", "day", "days")),
    (3_600, ("h", "hr", "hour", "hours")),
    (60, ("m", "min", "minute", "minutes")),
)
_SECONDS = {name: seconds for seconds, names in _UNITS for name in names}


def from_odcs(document: Mapping[str, Any], *, table: str | None = None) -> Imported:
    """Read the first table of a contract, or the one of a name.

    Raises
    ------
    InvalidInput
        It is of an older standard, or has no table.
    """
    version = str(document.get("apiVersion", ""))
    if not version.startswith("v3."):
        raise InvalidInput(
            f"The contract is of the standard's version {version or 'unknown'}; version 3 is read. Convert it first."
        )
    tables = [mapping(one) for one in listed(document.get("schema"))]
    named = [one for one in tables if table is None or one.get("name") == table]
    if not named:
        raise InvalidInput("The contract describes no table. Add one under `schema`.")
    reading = _Reading(str(named[0].get("name") or document.get("name") or "data"))
    reading.table(named[0])
    reading.levels(listed(document.get("slaProperties")), named[0])
    if len(tables) > 1 and table is None:
        reading.leave(f"Only the first of {len(tables)} tables is read: {reading.name}.")
    return Imported(
        contract=Contract(name=reading.name, rules=tuple(reading.rules)), form="ODCS", left_out=tuple(reading.left)
    )


class _Reading:
    """The rules read so far, and what was left out."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rules: list[Rule] = []
        self.left: list[str] = []

    def leave(self, sentence: str) -> None:
        self.left.append(sentence)

    def table(self, table: Mapping[str, Any]) -> None:
        properties = [mapping(one) for one in listed(table.get("properties"))]
        for one in properties:
            self._property(one)
        keys = sorted((p for p in properties if p.get("primaryKey")), key=lambda p: p.get("primaryKeyPosition") or 0)
        if len(keys) > 1:
            self._add(Rule(kind="key", arguments={"columns": [_column(p) for p in keys]}))
        elif keys and not keys[0].get("unique"):
            self._add(Rule(kind="unique", column=_column(keys[0])))
        for one in listed(table.get("quality")):
            self._quality(None, mapping(one))
        if table.get("relationships"):
            self.leave("Relationships to other tables are not judged.")

    def levels(self, levels: Iterable[Any], table: Mapping[str, Any]) -> None:
        for level in map(mapping, levels):
            _, _, element = str(level.get("element", "")).partition(".")
            seconds = _seconds(level)
            if level.get("property") != "freshness" or not element or seconds is None:
                self.leave(f"The service level {level.get('property')} is not judged.")
                continue
            physical = {str(p.get("name")): _column(p) for p in map(mapping, listed(table.get("properties")))}
            self._add(Rule(kind="freshness", column=physical.get(element, element), arguments={"seconds": seconds}))

    def _add(self, rule: Rule) -> None:
        self.rules.append(rule)

    def _property(self, written: Mapping[str, Any]) -> None:
        column = _column(written)
        marks = {mapping(one).get("property") for one in listed(written.get("customProperties"))}
        if "mayBeMissing" not in marks:
            self._add(Rule(kind="present", column=column))
        declared = None if "anyType" in marks else written.get("logicalType")
        if declared in TYPES:
            self._add(Rule(kind="type", column=column, arguments={"type": declared}))
        elif declared is not None:
            self.leave(f"The type {declared} of {column} is not judged, nor what it holds.")
            return
        if written.get("required") or written.get("primaryKey"):
            self._add(Rule(kind="not_null", column=column))
        if written.get("unique"):
            self._add(Rule(kind="unique", column=column))
        self._options(column, mapping(written.get("logicalTypeOptions")), str(declared or ""))
        values = [mapping(one).get("value") for one in listed(written.get("enum"))]
        if values:
            self._add(Rule(kind="enumeration", column=column, arguments={"values": values}))
        for one in listed(written.get("quality")):
            self._quality(column, mapping(one))

    def _options(self, column: str, options: Mapping[str, Any], declared: str) -> None:
        for bounds in _bounds(options, time=declared in ("date", "timestamp")):
            self._add(Rule(kind="range", column=column, arguments=bounds))
        lengths = {s: options[f"{s}Length"] for s in ("min", "max") if figure(options.get(f"{s}Length")) is not None}
        if lengths:
            self._add(Rule(kind="length", column=column, arguments=lengths))
        if isinstance(options.get("pattern"), str):
            self._add(Rule(kind="pattern", column=column, arguments={"pattern": options["pattern"]}))
        known = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern")
        for name in options:
            if name not in known:
                self.leave(f"The option {name} of {column} is not judged.")

    def _quality(self, column: str | None, written: Mapping[str, Any]) -> None:
        rule = _custom(column, written) if written.get("engine") == ENGINE else _library(column, written)
        place = f" of {column}" if column else ""
        if rule is None:
            name = written.get("metric") or written.get("type") or "text"
            self.leave(f"The quality rule {name}{place} is not judged: {str(written.get('description', ''))[:120]}")
            return
        self._add(rule)


def _column(written: Mapping[str, Any]) -> str:
    return str(written.get("physicalName") or written.get("name"))


def _bounds(options: Mapping[str, Any], *, time: bool) -> Iterable[dict[str, Any]]:
    """Return one range of the bounds, and another where a column has a bound of either kind on one side."""
    named = (("minimum", "min", ""), ("maximum", "max", ""))
    opened = (("exclusiveMinimum", "min", "above"), ("exclusiveMaximum", "max", "below"))
    first: dict[str, Any] = {}
    second: dict[str, Any] = {}
    for name, side, is_open in (*named, *opened):
        value = options.get(name)
        known = (str(value) if moment(value) else None) if time else figure(value)
        if known is not None:
            taken = second if side in first else first
            taken |= {side: known, **({is_open: True} if is_open else {})}
    return [found for found in (first, second) if found]


def _library(column: str | None, written: Mapping[str, Any]) -> Rule | None:
    limit = _limit(written)
    if limit is None or written.get("type", "library") != "library":
        return None
    found = _metric(column, str(written.get("metric")), mapping(written.get("arguments")))
    if found is None or (limit.unit == "percent" and found[0] in ("row_count", "unique", "key")):
        return None
    return Rule(kind=found[0], column=column, arguments=found[1], limit=limit, severity=_severity(written))


def _metric(column: str | None, metric: str, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    if column is None:
        columns = [str(name) for name in listed(arguments.get("properties"))]
        return {"rowCount": ("row_count", {}), "duplicateValues": ("key", {"columns": columns})}.get(metric)
    if metric in ("nullValues", "missingValues"):
        also = [value for value in listed(arguments.get("missingValues")) if value is not None]
        return "not_null", ({"also": also} if also and metric == "missingValues" else {})
    if metric == "duplicateValues":
        return "unique", {}
    return _invalid(arguments) if metric == "invalidValues" else None


def _invalid(arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    values, pattern = arguments.get("validValues"), arguments.get("pattern")
    if values is not None and pattern is None:
        return "enumeration", {"values": [value for value in listed(values) if value is not None]}
    if values is None and isinstance(pattern, str):
        return "pattern", {"pattern": pattern}
    return None  # one count over both is no rule of ours


def _limit(written: Mapping[str, Any]) -> Limit | None:
    percent = str(written.get("unit", "")).strip().lower() in ("percent", "percentage", "%")
    for operator, name in OPERATORS.items():
        value = written.get(name)
        numbers = listed(value) if "between" in operator else ([value] if value is not None else [])
        found = [float(n) for n in numbers if figure(n) is not None]
        if found and len(found) == (2 if "between" in operator else 1):
            same = operator == "==" and found == [0.0]
            return Limit(
                operator="<=" if same else operator, numbers=tuple(found), unit="percent" if percent else "rows"
            )
    return None


def _custom(column: str | None, written: Mapping[str, Any]) -> Rule | None:
    """Read back one of our own; a foreign text is none."""
    try:
        plain = mapping(json.loads(str(written.get("implementation"))))
    except ValueError:
        return None
    limit, kind = mapping(plain.get("limit")), str(plain.get("rule"))
    numbers = tuple(float(n) for n in listed(limit.get("numbers")) if figure(n) is not None)
    operator = str(limit.get("operator"))
    if kind not in RULES or operator not in KNOWN_OPERATORS or len(numbers) != (2 if "between" in operator else 1):
        return None
    return Rule(
        kind=kind,
        column=column,
        arguments=dict(mapping(plain.get("arguments"))),
        limit=Limit(operator=operator, numbers=numbers, unit="percent" if limit.get("unit") == "percent" else "rows"),
        severity=_severity(written),
    )


def _severity(written: Mapping[str, Any]) -> Severity:
    return _MILD.get(str(written.get("severity", "")).strip().lower(), Severity.ERROR)


def _seconds(level: Mapping[str, Any]) -> float | None:
    value = level.get("value")
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, str):
        return _iso_duration(value.strip().upper())
    number, unit = figure(value), _SECONDS.get(str(level.get("unit") or "d").lower())
    return None if number is None or unit is None else float(int(number) * unit)


def _iso_duration(text: str) -> float | None:
    """Return the seconds of ``P1DT12H``; nothing for months and years, whose lengths differ."""
    found = re.fullmatch(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    parts = [int(part or 0) for part in found.groups()] if found else []
    seconds = sum(n * length for n, length in zip(parts, (604_800, 86_400, 3_600, 60, 1), strict=bool(parts)))
    return float(seconds) if any(parts) else None

"""A contract out of a Great Expectations suite (JSON, of 0.x or 1.x). Only the text is read; nothing of it is run."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.imported import Imported, figure, listed, mapping
from core.data.contract.named_types import logical_type
from core.data.finding import Severity

Kwargs = Mapping[str, Any]
_SEVERITIES = {"critical": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


def from_expectations(document: Mapping[str, Any], *, name: str) -> Imported:
    """Read a suite; what has no place in a contract is listed."""
    rules: list[Rule] = []
    left: list[str] = []
    for entry in map(mapping, listed(document.get("expectations"))):
        kind = str(entry.get("type") or entry.get("expectation_type") or "")
        kwargs = mapping(entry.get("kwargs"))
        reads = _EXPECTATIONS.get(kind)
        found = list(reads(kwargs)) if reads and not kwargs.get("row_condition") else []
        if not found:
            column = f" on {kwargs['column']}" if kwargs.get("column") else ""
            why = ": it holds for some rows only" if kwargs.get("row_condition") else ""
            left.append(f"{kind or 'An expectation without a type'}{column} is not carried over{why}.")
            continue
        limit, severity = _limit(kwargs), _SEVERITIES.get(str(entry.get("severity")), Severity.ERROR)
        if limit != Limit() and found[0].kind not in ("not_null", "row_count"):
            left.append(
                f"{kind} on {kwargs.get('column')}: its share is counted of all rows here, empty cells included."
            )
        rules += [_with(rule, limit, severity) for rule in found]
    named = document.get("name") or document.get("expectation_suite_name") or name
    return Imported(
        contract=Contract(name=str(named), rules=tuple(rules)), form="Great Expectations", left_out=tuple(left)
    )


def _with(rule: Rule, limit: Limit, severity: Severity) -> Rule:
    keeps = rule.kind in ("row_count", "present", "closed", "unique", "key")
    return Rule(
        kind=rule.kind,
        column=rule.column,
        arguments=rule.arguments,
        limit=rule.limit if keeps else limit,
        severity=severity,
    )


def _limit(kwargs: Kwargs) -> Limit:
    mostly = figure(kwargs.get("mostly"))
    if mostly is None or not 0 <= mostly < 1:
        return Limit()
    return Limit(operator="<=", numbers=(round(100 * (1 - mostly), 9),), unit="percent")


def _on(kind: str, kwargs: Kwargs, **arguments: Any) -> Iterable[Rule]:
    kept = {name: value for name, value in arguments.items() if value is not None and value is not False}
    if isinstance(kwargs.get("column"), str):
        yield Rule(kind=kind, column=kwargs["column"], arguments=kept)


def _between(kwargs: Kwargs) -> Iterable[Rule]:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None or high is not None:
        opened = {"above": bool(kwargs.get("strict_min")), "below": bool(kwargs.get("strict_max"))}
        yield from _on("range", kwargs, min=low, max=high, **opened)


def _lengths(kwargs: Kwargs) -> Iterable[Rule]:
    exact = figure(kwargs.get("value"))
    low, high = (exact if exact is not None else figure(kwargs.get(side)) for side in ("min_value", "max_value"))
    if low is not None or high is not None:
        yield from _on("length", kwargs, min=low, max=high)


def _in_set(kind: str) -> Callable[[Kwargs], Iterable[Rule]]:
    def read(kwargs: Kwargs) -> Iterable[Rule]:
        values = [value for value in listed(kwargs.get("value_set")) if value is not None]
        return _on(kind, kwargs, values=values) if values else []

    return read


def _regex(kwargs: Kwargs) -> Iterable[Rule]:
    return _on("pattern", kwargs, pattern=kwargs["regex"]) if isinstance(kwargs.get("regex"), str) else []


def _regex_list(kwargs: Kwargs) -> Iterable[Rule]:
    patterns = [str(pattern) for pattern in listed(kwargs.get("regex_list"))]
    if patterns and kwargs.get("match_on", "any") == "any":
        return _on("pattern", kwargs, pattern="|".join(f"(?:{pattern})" for pattern in patterns))
    return []


def _type(kwargs: Kwargs) -> Iterable[Rule]:
    names = listed(kwargs.get("type_list")) or [kwargs.get("type_")]
    types = {logical_type(name) for name in names}
    found = "number" if types == {"integer", "number"} else next(iter(types)) if len(types) == 1 else None
    return _on("type", kwargs, type=found) if found else []


def _row_count(kwargs: Kwargs) -> Iterable[Rule]:
    exact, low, high = (figure(kwargs.get(name)) for name in ("value", "min_value", "max_value"))
    if exact is not None:
        yield Rule(kind="row_count", limit=Limit(operator="==", numbers=(float(exact),)))
    elif low is not None and high is not None:
        yield Rule(kind="row_count", limit=Limit(operator="between", numbers=(float(low), float(high))))
    elif low is not None:
        yield Rule(kind="row_count", limit=Limit(operator=">=", numbers=(float(low),)))
    elif high is not None:
        yield Rule(kind="row_count", limit=Limit(operator="<=", numbers=(float(high),)))


def _columns(kwargs: Kwargs) -> Iterable[Rule]:
    names = [str(name) for name in listed(kwargs.get("column_set")) or listed(kwargs.get("column_list"))]
    yield from (Rule(kind="present", column=name) for name in names)
    if names and kwargs.get("exact_match", True):
        yield Rule(kind="closed")


def _key(kwargs: Kwargs) -> Iterable[Rule]:
    names = [str(name) for name in listed(kwargs.get("column_list"))]
    ignores = kwargs.get("ignore_row_if", "all_values_are_missing")
    if names and ignores == "any_value_is_missing":
        yield Rule(kind="key", arguments={"columns": names})


def _pair(kwargs: Kwargs) -> Iterable[Rule]:
    larger, smaller = kwargs.get("column_A"), kwargs.get("column_B")
    if isinstance(larger, str) and isinstance(smaller, str):
        strict = {} if kwargs.get("or_equal") else {"strict": True}
        yield Rule(kind="order", column=smaller, arguments={"other": larger, **strict})


_EXPECTATIONS: Mapping[str, Callable[[Kwargs], Iterable[Rule]]] = {
    "expect_column_to_exist": lambda kwargs: _on("present", kwargs),
    "expect_table_columns_to_match_set": _columns,
    "expect_table_columns_to_match_ordered_list": _columns,
    "expect_table_row_count_to_be_between": _row_count,
    "expect_table_row_count_to_equal": _row_count,
    "expect_column_values_to_not_be_null": lambda kwargs: _on("not_null", kwargs),
    "expect_column_values_to_be_unique": lambda kwargs: [] if _limit(kwargs) != Limit() else _on("unique", kwargs),
    "expect_compound_columns_to_be_unique": _key,
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_be_in_set": _in_set("enumeration"),
    "expect_column_distinct_values_to_be_in_set": _in_set("enumeration"),
    "expect_column_values_to_not_be_in_set": _in_set("excluded"),
    "expect_column_values_to_match_regex": _regex,
    "expect_column_values_to_match_regex_list": _regex_list,
    "expect_column_value_lengths_to_be_between": _lengths,
    "expect_column_value_lengths_to_equal": _lengths,
    "expect_column_values_to_be_of_type": _type,
    "expect_column_values_to_be_in_type_list": _type,
    "expect_column_pair_values_a_to_be_greater_than_b": _pair,
    "expect_column_pair_values_A_to_be_greater_than_B": _pair,
}

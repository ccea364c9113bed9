"""A contract on single rows, as they come to a model: which of its rules each of them breaks.

A few rows are judged value by value, many by the expressions that judge files: the verdict is the same. What only an
expression can say of a value (a pattern, a date in a text) is asked once a value and remembered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import starmap
from typing import Any

import polars as pl

from core.data.contract.contract import NONE_BROKEN, Contract, Rule
from core.data.contract.rule_kind import Subject
from core.data.contract.rules import RULES
from core.data.contract.value_tests import never, value_test
from core.data.finding import Severity

FEW = 1_000
"""Rows from which on a table of them is quicker than their values one by one."""

_REMEMBERED = 4_096
_VERDICT = "\x00verdict"
_NEVER = datetime(1, 1, 1, tzinfo=UTC)  # no rule on a row asks what time it is

Columns = Mapping[str, Sequence[Any]]
Broken = Mapping[str, Sequence[int]]
"""The rows (0-based, in order) that break a rule, by the rule's key; only rules that some row breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowRule:
    """A rule on one row: the columns that it reads, and which of their values break it, as an expression too."""

    key: str
    columns: tuple[str, ...]
    breaks: Callable[[Sequence[Any]], list[int]]
    expression: pl.Expr


class _Remembered:
    """Asks an expression once a value, all new ones together."""

    def __init__(self, schema: Mapping[str, pl.DataType], expression: pl.Expr) -> None:
        self._schema = dict(schema)
        self._expression = expression
        self._known: dict[Any, bool] = {}

    def __call__(self, values: Sequence[Any]) -> list[int]:
        """Return the places of the values that break the rule."""
        known = self._known
        if not all(map(known.__contains__, values)):
            known = self._known = self._learnt(set(values))
        return [place for place, value in enumerate(values) if known[value]]

    def _learnt(self, values: set[Any]) -> dict[Any, bool]:
        kept = self._known if len(self._known) < _REMEMBERED else {}
        new = [value for value in values if value not in kept]
        rows = new if len(self._schema) > 1 else [(value,) for value in new]
        table = pl.DataFrame(rows, schema=self._schema, orient="row")
        # beside the columns: a rule that no value can break is one literal, which is to stand in every row
        verdicts = table.with_columns(self._expression.alias(_VERDICT)).get_column(_VERDICT)
        return kept | dict(zip(new, verdicts.to_list(), strict=True))


def _tested(test: Callable[..., bool], *, several: bool) -> Callable[[Sequence[Any]], list[int]]:
    over = starmap if several else map

    def breaks(values: Sequence[Any]) -> list[int]:
        return [place for place, wrong in enumerate(over(test, values)) if wrong]

    return breaks


def on_each_row(contract: Contract, inputs: Iterable[str]) -> Contract:
    """Return the rules of a contract that are on the values of a row, and on nothing but ``inputs``."""
    known = set(inputs)
    rules = [rule for rule in contract.rules if _reads(rule) and known.issuperset(_reads(rule))]
    return Contract(name=contract.name, rules=tuple(rules))


class RowRules:
    """The rules that a row can break: of the level of an error, and kept only if no row at all breaks them.

    A rule that lets some rows through is on the share of them, which one row does not have; a rule that cannot be
    judged on these columns breaks nothing.

    Parameters
    ----------
    contract
        What was agreed; rules on other columns and on a whole table are passed over.
    numeric
        The columns that rows come with, and whether each holds numbers (``float``) or texts (``str``).
    """

    def __init__(self, contract: Contract, numeric: Mapping[str, bool]) -> None:
        self._schema = {name: pl.Float64() if number else pl.String() for name, number in numeric.items()}
        subject = Subject(schema=self._schema, contract=contract, now=_NEVER)
        found = [_row_rule(rule, subject) for rule in on_each_row(contract, numeric).rules if _binds(rule, subject)]
        self._rules = [rule for rule in found if rule is not None]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the rules that are judged."""
        return tuple(dict.fromkeys(rule.key for rule in self._rules))

    def broken(self, columns: Columns, rows: int) -> Broken:
        """Return which of ``rows`` rows break which rule; a missing value is ``None``."""
        judged = self._one_by_one if rows <= FEW else self._together
        found: dict[str, list[int]] = {}
        for rule, places in zip(self._rules, judged(columns), strict=True):
            if places:
                found[rule.key] = sorted({*found[rule.key], *places}) if rule.key in found else places
        return found

    def _one_by_one(self, columns: Columns) -> Iterable[list[int]]:
        for rule in self._rules:
            first, *others = (columns[name] for name in rule.columns)
            yield rule.breaks(list(zip(first, *others, strict=True)) if others else first)

    def _together(self, columns: Columns) -> Iterable[list[int]]:
        read = {name: columns[name] for rule in self._rules for name in rule.columns}
        table = pl.DataFrame(read, schema={name: self._schema[name] for name in read})
        verdicts = table.select(rule.expression.alias(str(place)) for place, rule in enumerate(self._rules))
        return (verdict.arg_true().to_list() for verdict in verdicts)


def _reads(rule: Rule) -> tuple[str, ...]:
    """Return the columns that a rule on rows reads; none where it is on a whole table."""
    kind = RULES.get(rule.kind)
    if kind is None or kind.broken is None or rule.column is None:
        return ()
    return tuple(dict.fromkeys((rule.column, str(rule.arguments.get("other", rule.column)))))


def _binds(rule: Rule, subject: Subject) -> bool:
    """Tell whether one row can break a rule; what was true or false, or a date, and came as a number never does."""
    declared = subject.contract.type_of(str(rule.column))
    foreign = declared in ("boolean", "date", "timestamp") and subject.schema[str(rule.column)].is_float()
    return rule.severity is Severity.ERROR and rule.limit == NONE_BROKEN and not foreign


def _row_rule(rule: Rule, subject: Subject) -> _RowRule | None:
    columns, kind = _reads(rule), RULES[rule.kind]
    schema = {name: subject.schema[name] for name in columns}
    assert kind.broken is not None
    try:
        expression = kind.broken(rule, subject).fill_null(value=False)
        remembered = _Remembered(schema, expression)
        remembered([None if len(columns) == 1 else (None,) * len(columns)])  # what Polars refuses it refuses here
        test = value_test(rule, subject)
    except Exception:  # noqa: BLE001 - a rule that cannot be read must not cost the others
        return None
    if test is never:
        return None
    breaks = _tested(test, several=len(columns) > 1) if test else remembered
    return _RowRule(key=rule.key, columns=columns, breaks=breaks, expression=expression)

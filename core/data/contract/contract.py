"""A contract: rules on columns and on the whole table. Its kinds of rules are in ``rules/``."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.data.finding import Severity

Unit = Literal["rows", "percent"]
LogicalType = Literal["string", "integer", "number", "boolean", "date", "timestamp"]
TYPES: tuple[LogicalType, ...] = ("string", "integer", "number", "boolean", "date", "timestamp")

_HOLDS: Mapping[str, Callable[[float, tuple[float, ...]], bool]] = {
    "==": lambda measured, numbers: measured == numbers[0],
    "!=": lambda measured, numbers: measured != numbers[0],
    "<": lambda measured, numbers: measured < numbers[0],
    "<=": lambda measured, numbers: measured <= numbers[0],
    ">": lambda measured, numbers: measured > numbers[0],
    ">=": lambda measured, numbers: measured >= numbers[0],
    "between": lambda measured, numbers: numbers[0] <= measured <= numbers[1],
    "not between": lambda measured, numbers: not numbers[0] <= measured <= numbers[1],
}
OPERATORS = tuple(_HOLDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many rows may break a rule: a comparison with one number, or with two for ``between``.

    In percent, the number of broken rows is taken of all rows of the table, as the data contract standard does.
    """

    operator: str = "<="
    numbers: tuple[float, ...] = (0.0,)
    unit: Unit = "rows"

    def measured(self, broken: int, rows: int) -> float:
        """Return what is compared: the number of broken rows, or their percentage."""
        if self.unit == "rows":
            return float(broken)
        return round(100 * broken / rows, 6) if rows else 0.0

    def holds(self, broken: int, rows: int) -> bool:
        """Tell whether so many broken rows are within the limit."""
        return _HOLDS[self.operator](self.measured(broken, rows), self.numbers)

    @property
    def text(self) -> str:
        """Return the limit in words: ``at most 5 %``."""
        low = f"{self.numbers[0]:.15g}"
        high = f"{self.numbers[-1]:.15g}"
        said = {
            "==": f"exactly {low}",
            "!=": f"not {low}",
            "<": f"fewer than {low}",
            "<=": f"at most {low}",
            ">": f"more than {low}",
            ">=": f"at least {low}",
            "between": f"{low} to {high}",
            "not between": f"fewer than {low} or more than {high}",
        }[self.operator]
        return f"{said} %" if self.unit == "percent" else said


NONE_BROKEN = Limit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One agreement: of ``kind`` (see ``rules/``) on one ``column``, or on the whole table.

    ``arguments`` are plain values as JSON holds them, times as ISO text. ``limit`` says how many rows may break it; for
    a number of rows, it is what was agreed itself. ``copy``, which the contract gives, tells it from others of its kind
    on its column.
    """

    kind: str
    column: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    limit: Limit = NONE_BROKEN
    severity: Severity = Severity.ERROR
    copy: int = field(default=1, compare=False)

    @property
    def key(self) -> str:
        """Return what a rule goes by from version to version: ``range: temp``, and ``range: temp (2)`` beside it."""
        said = f"{self.kind}: {self.column}" if self.column is not None else self.kind
        return f"{said} ({self.copy})" if self.copy > 1 else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What was agreed on the data that go by ``name``."""

    name: str
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        """Give every rule a key of its own; what has one keeps it."""
        taken = Counter(rule.key for rule in self.rules)
        if any(count > 1 for count in taken.values()):
            object.__setattr__(self, "rules", tuple(_apart(self.rules)))

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that rules name, in the order in which they do."""
        return tuple(dict.fromkeys(rule.column for rule in self.rules if rule.column is not None))

    def of(self, column: str | None) -> tuple[Rule, ...]:
        """Return the rules on a column, or (``None``) on the whole table."""
        return tuple(rule for rule in self.rules if rule.column == column)

    def find(self, kind: str, column: str | None = None) -> Rule | None:
        """Return the first rule of a kind on a column."""
        return next((rule for rule in self.rules if rule.kind == kind and rule.column == column), None)

    def type_of(self, column: str) -> str | None:
        """Return the type that a column is agreed to have."""
        rule = self.find("type", column)
        return rule.arguments.get("type") if rule else None


def _apart(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield the rules, those whose key is taken with the next number that is free."""
    taken: set[str] = set()
    for rule in rules:
        own = rule
        while own.key in taken:
            own = replace(own, copy=own.copy + 1)
        taken.add(own.key)
        yield own

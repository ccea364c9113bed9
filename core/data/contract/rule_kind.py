"""A kind of rule: how it counts the rows that break it, and how it reads. The entries are in ``rules/``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from core.data.contract.contract import Contract, Rule
from core.data.contract.typed import missing, typed


class CannotJudge(Exception):
    """A rule cannot be judged on this table; its text says why, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The table under judgement: its columns, and when it is judged.

    ``typed`` is whether its columns have types of their own (Parquet), not ones that were read out of text (CSV).
    """

    schema: Mapping[str, pl.DataType]
    contract: Contract
    now: datetime
    typed: bool = False

    def value(self, column: str) -> pl.Expr:
        """Return a column as the type it was agreed to have; what is none of that type is missing."""
        return typed(column, self.schema[column], self.contract.type_of(column))

    def missing(self, column: str) -> pl.Expr:
        """Return whether a cell is empty, as it came."""
        return missing(column, self.schema[column])

    def is_number(self, column: str) -> bool:
        """Tell whether the values of a column, as agreed, are numbers."""
        declared = self.contract.type_of(column)
        return declared in ("integer", "number") if declared else self.schema[column].is_numeric()

    def is_time(self, column: str) -> bool:
        """Tell whether the values of a column, as agreed, are dates or times."""
        declared = self.contract.type_of(column)
        return declared in ("date", "timestamp") if declared else self.schema[column].is_temporal()


Facts = Mapping[str, Any]


def _no_facts(_rule: Rule, _subject: Subject) -> Mapping[str, pl.Expr]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKind:
    """One entry of the catalogue.

    ``says`` is the agreement in words. One of four says how it is judged: ``broken`` gives, for each row, whether it
    breaks the rule (an empty cell never does, unless the rule is about that); ``counted`` is one number for the whole
    table; ``together`` names the columns whose values may not repeat; ``on_schema`` says what is wrong with the names
    of the columns. ``facts`` are aggregates over the rows that break it; ``widen`` makes of them the rule that these
    data would keep, or nothing where it has to go. ``fix`` says what to do about the data.
    """

    name: str
    title: str
    dimension: str
    fix: str
    says: Callable[[Rule], str]
    broken: Callable[[Rule, Subject], pl.Expr] | None = None
    counted: Callable[[Rule, Subject], pl.Expr] | None = None
    together: Callable[[Rule, Subject], list[str]] | None = None
    on_schema: Callable[[Rule, Subject], str | None] | None = None
    facts: Callable[[Rule, Subject], Mapping[str, pl.Expr]] = field(default=_no_facts)
    widen: Callable[[Rule, Facts], Rule | None] = field(default=lambda _rule, _facts: None)

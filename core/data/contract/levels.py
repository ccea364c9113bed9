"""Lists of values: how they read, and how a column is compared with one."""

from typing import Any

import polars as pl

from core.data.contract.contract import Rule
from core.data.contract.rule_kind import Subject
from core.data.words import shown


def listed(values: Any, *, most: int = 6) -> str:
    """Return the first values of a list as they stand in a sentence."""
    said = [shown(value, width=24) for value in list(values)[:most]]
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(said) + more


def compared(rule: Rule, subject: Subject) -> tuple[pl.Expr, pl.Series]:
    """Return the values of a column and those of a list as what can be compared."""
    values, column = list(rule.arguments.get("values", ())), subject.value(str(rule.column))
    if subject.is_number(str(rule.column)):
        return column.cast(pl.Float64, strict=False), pl.Series(values, strict=False).cast(pl.Float64, strict=False)
    return column.cast(pl.String, strict=False), pl.Series([_text(value) for value in values], dtype=pl.String)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

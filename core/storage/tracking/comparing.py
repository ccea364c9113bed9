"""One comparison of a filter as SQL that means the same on SQLite and PostgreSQL."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from core.modelling.tracking.search.condition import Operator, Wanted

_SIMPLE = {
    Operator.EQUAL: "__eq__",
    Operator.UNEQUAL: "__ne__",
    Operator.LESS: "__lt__",
    Operator.AT_MOST: "__le__",
    Operator.GREATER: "__gt__",
    Operator.AT_LEAST: "__ge__",
}


def compared(column: ColumnElement[Any], operator: Operator, wanted: Wanted, dialect: str) -> ColumnElement[bool]:
    """Return the comparison of a column with what is wanted."""
    if operator in _SIMPLE:
        return getattr(column, _SIMPLE[operator])(wanted)
    if operator is Operator.IN:
        return column.in_(_listed(wanted))
    if operator is Operator.NOT_IN:
        return column.not_in(_listed(wanted))
    return _like(column, str(wanted), dialect, exact_case=operator is Operator.LIKE)


def metric_compared(value: Any, is_nan: Any, operator: Operator, wanted: Wanted) -> ColumnElement[bool]:
    """Return the comparison of a metric: a NaN is unequal to everything, and nothing else."""
    comparison = getattr(value, _SIMPLE[operator])(wanted)
    return or_(comparison, is_nan == 1) if operator is Operator.UNEQUAL else and_(is_nan == 0, comparison)


def _like(column: ColumnElement[Any], pattern: str, dialect: str, *, exact_case: bool) -> ColumnElement[bool]:
    if dialect != "sqlite":  # without an escape character, or a backslash would be one
        return column.like(pattern, escape="") if exact_case else column.ilike(pattern, escape="")
    if exact_case:  # SQLite's LIKE knows no case
        return column.op("GLOB")(_glob(pattern))
    return column.op("LIKE")(pattern)


def _glob(pattern: str) -> str:
    bracketed = re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", pattern)
    return bracketed.replace("%", "*").replace("_", "?")


def _listed(wanted: Wanted) -> list[str]:
    return list(wanted) if isinstance(wanted, tuple) else [str(wanted)]

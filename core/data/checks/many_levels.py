"""Text with very many different values."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, mostly
from core.data.finding import Severity
from core.data.text_forms import is_date, is_number

_LEVELS = 50
_KEY = 0.9  # a key or free text, not a category
_MEASURED = 0.5  # of the values are numbers or dates


def _levels(column: Column) -> Found | None:
    if column.distinct <= _LEVELS or column.distinct > _KEY * column.present or column.personal is not None:
        return None
    value = pl.col("value")
    if mostly(column.said, is_number(value) | is_date(value), least=_MEASURED) is not None:
        return None  # it is no category: other checks say what it is
    return Found(
        count=column.distinct,
        of=column.rows,
        message=f"`{column.name}` has {column.distinct:,} different values: many for a category.",
    )


CHECK = Check(
    name="many_levels",
    title="Categories have few values",
    severity=Severity.INFO,
    help="With more than 50 values, many are too rare to learn from.",
    misleads="Free text has many values by nature; it is no category.",
    default="More than 50 different values, and fewer than 90 % of the rows; no numbers, dates or personal data.",
    source="ydata-profiling HIGH_CARDINALITY: 50.",
    fix="Group them, or leave it out of the inputs.",
    kinds=("text",),
    on_column=_levels,
)

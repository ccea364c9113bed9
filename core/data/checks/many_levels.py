"""Text with very many different values."""

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity

_LEVELS = 50
_KEY = 0.9  # a key or free text, not a category


def _levels(column: Column) -> Found | None:
    if column.distinct <= _LEVELS or column.distinct > _KEY * column.present:
        return None
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
    default="More than 50 different values, and fewer than 90 % of the rows.",
    source="ydata-profiling HIGH_CARDINALITY: 50.",
    fix="Group them, or leave it out of the inputs.",
    kinds=("text",),
    on_column=_levels,
)

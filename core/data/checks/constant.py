"""A column with one value."""

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import shown


def _constant(column: Column) -> Found | None:
    if column.rows < 2 or column.distinct != 1 or column.missing:
        return None
    return Found(
        count=column.rows,
        message=f"`{column.name}` is {shown(column.series[0])} in every row, so it tells nothing. Leave it out, or "
        "check the export.",
    )


CHECK = Check(
    name="constant",
    title="No column has one value only",
    severity=Severity.WARNING,
    help="A column that never changes cannot explain anything that does.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_constant,
)

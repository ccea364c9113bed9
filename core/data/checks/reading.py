"""Columns whose values were not written plainly, and how they were read."""

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity


def _reading(column: Column) -> Found | None:
    ways = [note.text for note in column.notes if note.about == "reading"]
    if not ways:
        return None
    return Found(
        count=column.present,
        message=f"`{column.name}` was read {' and '.join(ways)}.",
    )


CHECK = Check(
    name="reading",
    title="Values are written plainly",
    severity=Severity.INFO,
    help="Decimal commas, dates in a country's own order and nested values have to be interpreted.",
    misleads="A guess of the order of day and month is sure only if a day above 12 occurs.",
    default="Any column that had to be interpreted.",
    source="DuckDB's dialect sniffer; own.",
    fix="Look at a few rows to see whether that is right.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_reading,
)

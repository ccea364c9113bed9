"""Columns whose values were not written plainly, and how they were read."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import listed, shown


def _reading(column: Column) -> Found | None:
    ways = [note.text for note in column.notes if note.about == "reading"]
    if not ways:
        return None
    return Found(
        count=column.present,
        message=f"`{column.name}` was read {' and '.join(ways)}.",
    )


def _sheets(table: Table) -> Iterable[Found]:
    """Say which sheet of a workbook was read, where it has others."""
    sheet, sheets = table.opened.dialect.get("sheet"), table.opened.dialect.get("sheets", ())
    others = [shown(name) for name in sheets if name != sheet]
    if others:
        yield Found(
            count=0,
            message=f"The sheet {shown(sheet)} was read; {listed(others)} {'was' if len(others) == 1 else 'were'} not.",
            fix="If you mean another one, choose it where the file is read, or save it as a file of its own.",
        )


CHECK = Check(
    name="reading",
    title="Values are written plainly",
    severity=Severity.INFO,
    help="Decimal commas, dates in a country's own order and nested values have to be interpreted; of a workbook, one "
    "sheet is read.",
    misleads="A guess of the order of day and month is sure only if a day above 12 occurs.",
    default="Any column that had to be interpreted, and any sheet that was not read.",
    source="DuckDB's dialect sniffer; own.",
    fix="Look at a few rows to see whether that is right.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_reading,
    on_table=_sheets,
)

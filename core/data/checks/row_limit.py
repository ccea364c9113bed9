"""A table that ends exactly where a spreadsheet ends."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity

_LIMITS = {
    65_535: "an old Excel sheet",
    65_536: "an old Excel sheet",
    1_048_575: "an Excel sheet",
    1_048_576: "an Excel sheet",
}


def _limit(table: Table) -> Iterable[Found]:
    sheet = _LIMITS.get(table.rows)
    if sheet:
        yield Found(
            count=table.rows,
            message=f"The table has {table.rows:,} rows, exactly what fits on {sheet}: the rest was probably cut.",
        )


CHECK = Check(
    name="row_limit",
    title="The table is not cut at a spreadsheet's last row",
    severity=Severity.WARNING,
    help="Spreadsheets end at 65,536 or 1,048,576 rows and drop what lies beyond without a word.",
    misleads="A table can have just so many rows by chance: once in a great while.",
    default="65,535, 65,536, 1,048,575 or 1,048,576 rows.",
    source="The limits of xls and xlsx; own.",
    fix="Export it without a spreadsheet.",
    on_table=_limit,
)

"""The header in the middle of the table."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import rows_of


def _header(column: Column) -> Found | None:
    if not column.distinct > 1:
        return None
    found = column.texts_where(pl.col("value").str.strip_chars() == column.name)
    count = int(found["count"].sum() or 0)
    if not count or count > 0.01 * column.rows + 1:
        return None
    return Found(
        count=count,
        rows=column.where(found["value"]),
        message=f"`{column.name}` holds its own name in {rows_of(count)}: the header is repeated inside the table, "
        "as when two "
        "files are joined.",
    )


CHECK = Check(
    name="repeated_header",
    title="The header stands only at the top",
    severity=Severity.ERROR,
    help="Files put together with their headers carry names among the values, and numbers become text.",
    misleads="A category can be called as its column is.",
    default="Any row, up to 1 % of them.",
    source="Own.",
    fix="Remove those rows.",
    kinds=("text",),
    on_column=_header,
)

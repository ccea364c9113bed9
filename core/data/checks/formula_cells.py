"""Cells that a spreadsheet would run."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_FORMULA = r"^([=\t\r][^=\s]|[+@-]\s*[A-Za-z(].*[(|!])"


def _formulas(column: Column) -> Found | None:
    odd = column.texts_where(pl.col("value").str.contains(_FORMULA))
    if odd.is_empty():
        return None
    count = int(odd["count"].sum())
    return Found(
        count=count,
        rows=column.where(odd["value"]),
        message=f"`{column.name}` has {rows_of(count, 'cell')} ({percent(count / column.rows)}) that a spreadsheet "
        "would run as a "
        f"formula, like {shown(odd['value'][0])}.",
    )


CHECK = Check(
    name="formula_cells",
    title="No cell is a formula",
    severity=Severity.WARNING,
    help="Text that begins with =, +, - or @ can run a command when the file is opened in a spreadsheet.",
    misleads="A remark may begin with a sign and mean no harm.",
    default="Any value that begins with =, tab or return, or with +, - or @ and a call.",
    source="OWASP ASVS 5.0, 1.2.10.",
    fix="Remove them, or put an apostrophe before them.",
    kinds=("text",),
    on_column=_formulas,
)

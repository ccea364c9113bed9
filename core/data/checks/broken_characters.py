"""Letters that an earlier program has already broken."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_BROKEN = "\ufffd|\x00|\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]"


def _broken(column: Column) -> Found | None:
    odd = column.texts_where(pl.col("value").str.contains(_BROKEN))
    if odd.is_empty():
        return None
    count = int(odd["count"].sum())
    return Found(
        count=count,
        rows=column.where(odd["value"]),
        message=f"`{column.name}` has {rows_of(count, 'value')} ({percent(count / column.rows)}) with broken "
        "letters, like "
        f"{shown(odd['value'][0])}: text in one encoding was read as another.",
    )


CHECK = Check(
    name="broken_characters",
    title="No text has broken letters",
    severity=Severity.WARNING,
    help="Signs such as Ã© or \ufffd stand where an accented letter was lost on the way.",
    misleads="A text about encodings may hold such signs on purpose.",
    default="Any value.",
    source="charset-normalizer; own patterns of UTF-8 read as Latin-1.",
    fix="Export it again as UTF-8.",
    kinds=("text",),
    on_column=_broken,
)

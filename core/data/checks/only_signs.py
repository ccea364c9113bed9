"""Values made of signs only."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, filtered
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_SHARE = 0.001
_EMPTY = ("[]", "{}")  # lists and records that hold nothing are written so


def _signs(column: Column) -> Found | None:
    text = pl.col("value").str.strip_chars()
    odd = filtered(column.said, ~text.str.contains(r"[\pL\pN]") & ~text.is_in(_EMPTY))
    count = int(odd["count"].sum() or 0)
    if not count or count <= _SHARE * column.rows or count > 0.5 * column.present:
        return None
    return Found(
        count=count,
        rows=column.where(odd["value"]),
        message=f"`{column.name}` has {rows_of(count, 'value')} ({percent(count / column.rows)}) made of signs only, "
        "like "
        f"{shown(odd['value'][0])}.",
    )


CHECK = Check(
    name="only_signs",
    title="No value is made of signs only",
    severity=Severity.WARNING,
    help="A value such as “***” or “#” carries no word and no number.",
    misleads="Ratings may be written as stars.",
    default="More than 0.1 % of the rows, and at most half of the values.",
    source="Deepchecks SpecialCharacters: 0.001.",
    fix="Check whether they mean missing.",
    kinds=("text",),
    on_column=_signs,
)

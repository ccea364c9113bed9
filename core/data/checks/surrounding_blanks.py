"""Blanks before or after a value."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_BLANK = "[\\s\u00a0\u200b\u200c\u200d\u2060\ufeff]"
_AROUND = f"^{_BLANK}|{_BLANK}$"
_INSIDE = "[\u200b\u2060\ufeff]"
_NON_BREAKING, _CATEGORY = "\u00a0", 0.5  # a text that is set in print has them; a category has not


def _blanks(column: Column) -> Found | None:
    text = pl.col("value")
    inside = _INSIDE if column.distinct > _CATEGORY * column.present else f"{_INSIDE}|{_NON_BREAKING}"
    odd = column.texts_where(text.str.contains(f"{_AROUND}|{inside}")).filter(text.str.strip_chars() != "")
    if odd.is_empty():
        return None
    count = int(odd["count"].sum())
    where = "around" if bool(odd["value"].str.contains(_AROUND).any()) else "that are not seen in"
    return Found(
        count=count,
        rows=column.where(odd["value"]),
        message=f"`{column.name}` has blanks {where} {rows_of(count, 'value')} ({percent(count / column.rows)}), like "
        f"{shown(odd['value'][0])}.",
    )


CHECK = Check(
    name="surrounding_blanks",
    title="No value has blanks around it",
    severity=Severity.WARNING,
    help="A space at the end is invisible and makes another value. Non-breaking and zero-width ones count too.",
    misleads="In free text a blank at the end does no harm.",
    default="Any around a value; zero-width ones anywhere, non-breaking ones anywhere in a category.",
    source="Own.",
    fix="Trim them, or they count as different values.",
    kinds=("text",),
    on_column=_blanks,
)

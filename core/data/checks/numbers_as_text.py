"""Numbers that are stored as text."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, mostly
from core.data.finding import Severity
from core.data.text_forms import is_number
from core.data.words import percent, shown

_MOST = 0.95
_HALVES_OF_DAY = {"am", "pm"}


def _numbers(column: Column) -> Found | None:
    values = mostly(column.said, is_number(pl.col("value")), least=_MOST)
    if values is None or _are_codes(values.filter("fits")["value"]):
        return None
    bad = values.filter(~pl.col("fits"))
    total = int(values["count"].sum())
    good = total - int(bad["count"].sum())
    why = f"{shown(bad['value'][0])} is none" if len(bad) else f"they are written like {shown(values['value'][0])}"
    return Found(
        count=int(bad["count"].sum()) or good,
        rows=column.where(bad["value"] if len(bad) else values["value"]),
        message=f"`{column.name}` holds numbers as text in {percent(good / total)} of its values; {why}.",
    )


def _are_codes(texts: pl.Series) -> bool:
    """Tell whether the digits are a code: a leading zero, changing letters behind them (gate 12A), an hour (4pm)."""
    units = texts.str.extract(r"([a-zA-Z]+)\s*$").drop_nulls()
    hours = not units.is_empty() and set(units.str.to_lowercase()) <= _HALVES_OF_DAY
    return hours or bool(texts.str.contains(r"^\s*0\d").any()) or units.n_unique() > 2


CHECK = Check(
    name="numbers_as_text",
    title="Numbers are stored as numbers",
    severity=Severity.WARNING,
    help="One stray word, a unit, a thousands mark or a decimal comma makes a whole column text.",
    misleads="Codes made of digits are names and should stay text.",
    default="95 % or more of the values are numbers.",
    source="TFDV STRING_TYPE_NOW_FLOAT; ydata-profiling.",
    fix="Write plain numbers with a decimal point, so that they can be compared and averaged.",
    kinds=("text",),
    on_column=_numbers,
)

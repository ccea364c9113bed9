"""Dates that are stored as text."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, mostly
from core.data.finding import Severity
from core.data.words import percent, shown

_MOST = 0.95
_CLOCK = r"([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ISO = rf"^\s*\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_CLOCK}\s*$"
_SHORT = rf"^\s*(\d{{1,2}})([./-])(\d{{1,2}})[./-]\d{{2}}(\d{{2}})?{_CLOCK}\s*$"
_WORDS = rf"(?i:^\s*(\d{{1,2}}[ .-]+{_MONTH}[ .,-]+\d{{2,4}}|{_MONTH}[ .-]+\d{{1,2}},?[ -]+\d{{4}}){_CLOCK}\s*$)"


def _dates(column: Column) -> Found | None:
    values = mostly(column.said, pl.col("value").str.contains(f"{_SHORT}|{_ISO}|{_WORDS}"), least=_MOST)
    if values is None:
        return None
    bad, text = values.filter(~pl.col("fits")), values["value"]
    total = int(values["count"].sum())
    good = total - int(bad["count"].sum())
    if len(bad):
        why = f"{shown(bad['value'][0])} is none"
    elif _ambiguous(text.filter(text.str.contains(_SHORT))):
        why = f"{shown(text[0])} can be read with the day or the month first"
    else:
        why = f"they are written like {shown(text[0])}"
    return Found(
        count=int(bad["count"].sum()) or good,
        rows=column.where(bad["value"] if len(bad) else text),
        message=f"`{column.name}` holds dates as text in {percent(good / total)} of its values; {why}.",
    )


def _ambiguous(text: pl.Series) -> bool:
    """Tell whether no day above 12 says which of the two first numbers is the month."""
    parts = [text.str.extract(_SHORT, group).cast(pl.Int64) for group in (1, 3)]
    return bool(len(text)) and all(bool((part <= 12).all()) for part in parts)


CHECK = Check(
    name="dates_as_text",
    title="Dates are stored as dates",
    severity=Severity.WARNING,
    help="Text has no order in time; and 03/04/2013 is two different days in two countries.",
    misleads="Codes such as 12-11-10 can look like dates.",
    default="95 % or more of the values; day and month are unclear where no first number is above 12.",
    source="ydata-profiling TYPE_DATE; own.",
    fix="Write them as 2013-12-31.",
    kinds=("text",),
    on_column=_dates,
)

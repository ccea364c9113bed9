"""Dates that are stored as text."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column, mostly
from core.data.finding import Severity
from core.data.text_forms import SHORT_DATE, is_date
from core.data.words import listed, percent, rows_of, shown

_MOST = 0.95
_FORMS = 4


def _dates(column: Column) -> Found | None:
    values = mostly(column.said, is_date(pl.col("value")), least=_MOST)
    if values is None:
        return None
    bad, dates = values.filter(~pl.col("fits")), _with_form(values.filter("fits"))
    total, good = int(values["count"].sum()), int(dates["count"].sum())
    forms = dates.group_by("form").agg(pl.col("count").sum(), pl.col("value").first())
    forms = forms.sort("count", "value", descending=[True, False])
    odd = pl.concat([bad["value"], dates.filter(pl.col("form") != forms["form"][0])["value"]])
    rows = column.where(odd if len(odd) else dates["value"])
    return Found(
        count=int(rows.sum()),
        rows=rows,
        message=f"`{column.name}` holds dates as text in {percent(good / total)} of its values"
        f"{_ways(forms)}; {'; '.join(_why(bad, dates, forms))}.",
    )


def _ways(forms: pl.DataFrame) -> str:
    return f", written in {len(forms)} ways" if len(forms) > 1 else ""


def _why(bad: pl.DataFrame, dates: pl.DataFrame, forms: pl.DataFrame) -> list[str]:
    """Say how they are written, in how many rows each, and what is no date."""
    text, each = dates["value"], [f"{shown(value)} in {rows_of(count)}" for _, count, value in forms.iter_rows()]
    said = [listed(each, most=_FORMS)] if len(forms) > 1 else []
    if len(bad):
        said.append(f"{shown(bad['value'][0])} is none")
    elif len(forms) == 1 and _ambiguous(text.filter(text.str.contains(SHORT_DATE))):
        said.append(f"{shown(text[0])} can be read with the day or the month first")
    return said or [f"they are written like {shown(text[0])}"]


def _with_form(dates: pl.DataFrame) -> pl.DataFrame:
    """Return the dates with ``form``: how many digits stand where, and which of day and month comes first.

    A date that can be read both ways has the form of those that cannot, if these all are of one.
    """
    shape = pl.col("value").str.strip_chars().str.replace_all(r"\pL+", "a").str.replace_all(r"\d{3,}", "0000")
    first, second = (pl.col("value").str.extract(SHORT_DATE, group).cast(pl.Int64) for group in (1, 3))
    order = pl.when(first > 12).then(pl.lit("day")).when(second > 12).then(pl.lit("month"))
    shaped = dates.with_columns(shape=shape.str.replace_all(r"\b\d{1,2}\b", "00"), order=order)
    known = pl.col("order").drop_nulls()
    only = pl.when(known.n_unique().over("shape") == 1).then(known.first().over("shape"))
    return shaped.with_columns(form=pl.struct("shape", pl.coalesce("order", only).fill_null("")))


def _ambiguous(text: pl.Series) -> bool:
    """Tell whether no day above 12 says which of the two first numbers is the month."""
    parts = [text.str.extract(SHORT_DATE, group).cast(pl.Int64) for group in (1, 3)]
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

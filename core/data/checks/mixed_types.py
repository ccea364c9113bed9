"""Numbers, dates and words in one column."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_FEW, _SLIP, _WORDS = 0.01, 0.10, 0.05
_CODES = 0.5  # of the words hold a digit: house numbers and codes, of which some are digits only
_KINDS = {
    "numbers": r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$",
    "dates": r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})([T ]\d{1,2}:\d{2}.*)?\s*$",
}


def _mixed(column: Column) -> Found | None:
    kind = pl.coalesce(*(pl.when(pl.col("value").str.contains(form)).then(pl.lit(k)) for k, form in _KINDS.items()))
    levels = column.said.with_columns(kind=kind.fill_null("words"))
    sizes = levels.group_by("kind").agg(pl.col("count").sum()).sort("count", "kind", descending=True)
    if len(sizes) < 2:
        return None
    (most, _), (rarer, count) = sizes.rows()[:2]
    share = count / int(sizes["count"].sum())
    words = levels.filter(kind="words")
    digits = int(words.filter(pl.col("value").str.contains(r"\d"))["count"].sum())
    slip = share < _SLIP
    if share <= (_WORDS if rarer == "words" else _FEW) or (not slip and digits > _CODES * int(words["count"].sum())):
        return None
    odd = levels.filter(kind=rarer)["value"]
    return Found(
        count=count,
        severity=Severity.WARNING if slip else Severity.INFO,
        rows=column.where(odd),
        message=f"`{column.name}` holds {most}, and {rarer} like {shown(odd[0])} in {rows_of(count)} "
        f"({percent(share)}).",
    )


CHECK = Check(
    name="mixed_types",
    title="No column mixes numbers, dates and words",
    severity=Severity.WARNING,
    help="1 to 10 % of another kind is more often a slip than a meaning.",
    misleads="Codes are often digits in some rows and letters in others.",
    default="1 to 10 % of the values are of another kind (words: 5 %); a note above, unless they are codes.",
    source="Deepchecks MixedDataTypes: 0.01 to 0.10.",
    fix="Check that two columns have not been put into one.",
    kinds=("text",),
    on_column=_mixed,
)

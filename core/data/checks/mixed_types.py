"""A few numbers among words, or a few words among numbers."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_FEW, _MANY = 0.01, 0.10
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"


def _mixed(column: Column) -> Found | None:
    levels = column.levels.filter(pl.col("value").str.strip_chars() != "")
    total = int(levels["count"].sum() or 0)
    numeric = levels.filter(pl.col("value").str.contains(_NUMBER))
    words = levels.filter(~pl.col("value").str.contains(_NUMBER))
    rarer, kind = (numeric, "numbers") if numeric["count"].sum() < words["count"].sum() else (words, "words")
    count = int(rarer["count"].sum() or 0)
    if not total or not _FEW < count / total < _MANY or (kind == "words" and count / total <= 0.05):
        return None
    return Found(
        count=count,
        rows=column.where(rarer["value"]),
        message=f"`{column.name}` mixes {kind} like {shown(rarer['value'][0])} into {rows_of(count)} "
        f"({percent(count / total)}).",
    )


CHECK = Check(
    name="mixed_types",
    title="No column mixes numbers and words",
    severity=Severity.WARNING,
    help="1 to 10 % of another kind is more often a slip than a meaning.",
    misleads="Codes are often digits in some rows and letters in others.",
    default="1 to 10 % of the values are of the other kind.",
    source="Deepchecks MixedDataTypes: 0.01 to 0.10.",
    fix="Check that two columns have not been put into one.",
    kinds=("text",),
    on_column=_mixed,
)

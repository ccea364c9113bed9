"""Categories that hardly occur."""

import polars as pl

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown

_RARE, _LEVELS = 0.01, 50


def _rare(column: Column) -> Found | None:
    if column.distinct > 2 * _LEVELS or not 2 < len(column.said) <= _LEVELS or column.present < 100:
        return None
    rare = column.said.filter(pl.col("count") < _RARE * column.present)
    if rare.is_empty():
        return None
    count = int(rare["count"].sum())
    return Found(
        count=count,
        rows=column.where(rare["value"]),
        message=f"`{column.name}` has {rows_of(len(rare), 'value')} below 1 % each, like {shown(rare['value'][-1])}, "
        "in "
        f"{rows_of(count)} ({percent(count / column.rows)}).",
    )


CHECK = Check(
    name="rare_levels",
    title="Every category occurs often enough",
    severity=Severity.INFO,
    help="A value in under 1 % of the rows may be a slip, and a model learns little about it.",
    misleads="Rare classes may be the ones that matter.",
    default="Under 1 % of the values, in a text of 3 to 50 different ones.",
    source="Deepchecks min_category_size_ratio: 0.01.",
    fix="Check their spelling, or group them.",
    kinds=("text",),
    on_column=_rare,
)

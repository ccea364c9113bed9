"""Weights of rows that cannot be weights, or that leave few rows to speak."""

import re

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import percent, rows_of

_NAMES = re.compile(
    r"(sample|case|survey|person|instance|row|design|final|replicate|probability)_?(wt|wgt|weights?)|[pf]w(eight|gtp?)"
    r"|fnlwgt|wgt|wgtp|wt|weights",
    re.IGNORECASE,
)
_LEFT = 0.5


def _weights(column: Column) -> Found | None:
    values = column.numbers
    if not _NAMES.fullmatch(column.name.strip().replace(" ", "_")) or not len(values):
        return None
    for words, odd in (("negative", column.series < 0), ("zero", column.series == 0)):
        count = int(odd.sum())
        if count:
            return Found(
                count=count,
                rows=odd,
                message=f"`{column.name}` is named as weights are, and {rows_of(count, 'value')} "
                f"({percent(count / column.rows)}) of it {'is' if count == 1 else 'are'} {words}.",
                fix="Leave out rows of no weight." if words == "zero" else "",
            )
    scaled = values / values[-1]
    effective = float(scaled.sum() ** 2 / np.square(scaled).sum())
    if effective >= _LEFT * len(values):
        return None
    return Found(
        count=len(values),
        message=f"`{column.name}` is named as weights are; with them {rows_of(len(values))} tell as much as "
        f"{round(effective):,} of equal weight.",
        fix="Use them with care: intervals are wider than the rows suggest.",
    )


CHECK = Check(
    name="sample_weights",
    title="Weights of rows can be weights",
    severity=Severity.WARNING,
    help="A weight below zero cannot be, and uneven weights leave fewer rows than there seem to be.",
    misleads="A column of this name may hold something else, such as kilograms.",
    default="Any weight of zero or below; or an effective number of rows under half of them.",
    source="TFDV WEIGHTED_FEATURE; Kish (1965).",
    fix="Correct them.",
    kinds=("number",),
    on_column=_weights,
)

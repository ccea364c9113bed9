"""The single conditions that rows are parted by: levels, quarters of the reference, beyond training, missing."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from core.frames.slice import Condition, Slice
from core.modelling.run import Feature

MOST_LEVELS = 12
"""Of a category, the levels with the most rows are looked at."""


def single_slices(reference: pl.DataFrame, current: pl.DataFrame, features: Sequence[Feature]) -> tuple[Slice, ...]:
    """Return the slices of one column each; both tables come from ``plain_rows``."""
    found: list[Slice] = []
    for feature in features:
        if feature.name in reference.columns and feature.name in current.columns:
            before, now = reference[feature.name], current[feature.name]
            found += _ranges(before, feature) if feature.kind == "number" else _levels(before, now)
            if before.null_count() + now.null_count():
                found.append(_slice(Condition(column=feature.name, operator="is missing")))
    return tuple(found)


def _slice(*conditions: Condition) -> Slice:
    return Slice(conditions=conditions)


def _levels(reference: pl.Series, current: pl.Series) -> list[Slice]:
    counts = pl.concat([reference, current]).drop_nulls().value_counts(sort=True, name="rows").head(MOST_LEVELS)
    levels = sorted(str(level) for level in counts.to_series(0))
    return [_slice(Condition(column=reference.name, operator="==", value=level)) for level in levels]


def _ranges(reference: pl.Series, feature: Feature) -> list[Slice]:
    """Return below training, the quarters of the reference inside it, and above training."""
    values = reference.drop_nulls().to_numpy()
    if values.size == 0:
        return []
    inner = np.unique(np.quantile(values, (0.25, 0.5, 0.75), method="inverted_cdf"))
    bottom, top = feature.lower, feature.upper
    edges = [float(e) for e in inner if (bottom is None or e >= bottom) and (top is None or e < top)]
    name = feature.name
    found: list[Slice] = []
    if bottom is not None:
        found.append(_slice(Condition(column=name, operator="<", value=bottom)))
    starts = [None if bottom is None else Condition(column=name, operator=">=", value=bottom)]
    starts += [Condition(column=name, operator=">", value=edge) for edge in edges]
    ends = [Condition(column=name, operator="<=", value=edge) for edge in edges]
    ends += [None if top is None else Condition(column=name, operator="<=", value=top)]
    found += [_slice(*(c for c in pair if c is not None)) for pair in zip(starts, ends, strict=True)]
    if top is not None:
        found.append(_slice(Condition(column=name, operator=">", value=top)))
    return [one for one in found if one.conditions]

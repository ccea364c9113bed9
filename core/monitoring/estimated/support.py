"""Whether a hold-out can speak for a window at all: enough of both, and rows like those that were trained on."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_texts
from core.modelling.evaluation import outside_range
from core.modelling.run import Feature
from core.scoping.project import TaskKind
from core.statistics.blocks import MIN_BLOCKS, Floats

LEAST_ROWS = 100
LEAST_KNOWN = 300
LEAST_OF_EACH = 20
MOST_OUTSIDE = 0.1
"""The share of rows that may lie where training saw nothing: how such rows turn out is known of none."""

_KEPT_LEVELS = 200  # a feature keeps no more


def too_few(known: pl.DataFrame, rows: pl.DataFrame, kind: TaskKind) -> str:
    """Return why there is too little to estimate from, or an empty text."""
    if rows.height < LEAST_ROWS:
        return f"the window has {rows.height:,} rows for it; an estimate takes at least {LEAST_ROWS}."
    blocks = known["block"].n_unique()
    if known.height < LEAST_KNOWN or blocks < MIN_BLOCKS:
        return (
            f"the hold-out has {known.height:,} labelled rows in {blocks:,} blocks for it; what a score means takes "
            f"at least {LEAST_KNOWN} in {MIN_BLOCKS}."
        )
    if kind is TaskKind.BINARY:
        positives = int((known["label"] == 1).sum())
        rarer = min(positives, known.height - positives)
        if rarer < LEAST_OF_EACH:
            word = "positive" if rarer == positives else "negative"
            return f"only {rarer:,} hold-out rows turned out {word}; what a score means takes at least {LEAST_OF_EACH}."
    return ""


def beyond_training(rows: pl.DataFrame, features: Sequence[Feature]) -> NDArray[np.bool_]:
    """Return which rows have an input that training never saw: beyond its range, or of a new level."""
    outside = dict(outside_range(rows, features)) | _new_levels(rows, features)
    return np.logical_or.reduce([np.zeros(rows.height, dtype=np.bool_), *outside.values()])


def too_far(rows: pl.DataFrame, features: Sequence[Feature]) -> str:
    """Return which input leaves what training saw in too many rows, or an empty text."""
    outside = dict(outside_range(rows, features)) | _new_levels(rows, features)
    if not outside:
        return ""
    anywhere = float(np.logical_or.reduce(list(outside.values())).mean())
    if anywhere <= MOST_OUTSIDE:
        return ""
    name, share = max(((name, float(where.mean())) for name, where in outside.items()), key=lambda pair: pair[1])
    of_all = "" if anywhere - share < 0.005 else f", some input in {_percent(anywhere)}"
    return (
        f"{name} leaves what training saw in {_percent(share)} of the rows{of_all}; an estimate allows "
        f"{_percent(MOST_OUTSIDE)}, since no labelled row tells how such rows turn out."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def as_numbers(rows: pl.DataFrame, features: Sequence[Feature]) -> Floats:
    """Return inputs as numbers (rows x inputs): a category is its place among the levels that training saw."""
    return np.column_stack([_as_number(rows[f.name], f) for f in features if f.name in rows.columns])


def _as_number(values: pl.Series, feature: Feature) -> Floats:
    if feature.kind == "number":
        numbers = values.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
        return np.where(np.isfinite(numbers), numbers, np.nan)
    places = {level: float(place) for place, level in enumerate(feature.levels)}
    return label_texts(values).replace_strict(places, default=-1.0, return_dtype=pl.Float64).to_numpy()


def _new_levels(rows: pl.DataFrame, features: Sequence[Feature]) -> dict[str, NDArray[np.bool_]]:
    """Return where a category was never seen; one with more levels than are kept says nothing."""
    return {
        f.name: (~label_texts(rows[f.name]).is_in(f.levels)).fill_null(value=False).to_numpy()
        for f in features
        if f.kind != "number" and 0 < len(f.levels) < _KEPT_LEVELS and f.name in rows.columns
    }

"""ROC and precision-recall curves of a hold-out, each with a band: blocks resampled, point by point."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.metrics.confusion import confusion
from core.metrics.estimation import REPEATS
from core.metrics.labelled import binary
from core.metrics.ranked import Counted, in_groups, one_by_one
from core.modelling.evaluation import outcomes
from core.scoping.project import TaskKind
from core.statistics.blocks import MIN_BLOCKS, Floats, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.intervals import percentile_interval, resampling_level, widest, wilson

POINTS = 101
"""A curve is read at so many places, evenly from 0 to 1."""

_Read = Callable[[Floats, Floats], Floats]
_GRID = np.linspace(0, 1, POINTS)


def roc_curve(holdout: pl.DataFrame) -> pl.DataFrame | None:
    """Return ``false_share, found_share, lower, upper``; ``None`` where one of the classes does not occur.

    Notes
    -----
    Vertical bands (Fawcett 2006): at each share of negatives that are falsely flagged, how far the share of positives
    that are found moves when whole blocks are drawn again; at least Wilson's interval over the positives.
    """
    return _curve(holdout, _found_at, ("false_share", "found_share"), _positives)


def precision_recall_curve(holdout: pl.DataFrame) -> pl.DataFrame | None:
    """Return ``recall, precision, lower, upper``; ``None`` where one of the classes does not occur.

    The precision is that of the first cut that finds so many; the band is at least Wilson's interval over the rows
    that this cut flags.
    """
    found = _curve(holdout, _precision_at, ("recall", "precision"), _flagged)
    return None if found is None else found.filter(pl.col("recall") > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCut:
    """Where a cut lies on the curves; ``precision`` is ``None`` where the model says yes to no row."""

    false_share: float
    found_share: float
    precision: float | None
    base: float


def at_cut(holdout: pl.DataFrame, cut: float) -> AtCut | None:
    """Return where ``cut`` lies; ``None`` where one of the classes does not occur. ``base`` is the positives' share."""
    rows = confusion(outcomes(holdout, TaskKind.BINARY), {"cut": cut})
    found, missed, false, left = rows.counts
    positives, negatives, flagged = found + missed, false + left, found + false
    if not positives or not negatives:
        return None
    return AtCut(
        false_share=false / negatives,
        found_share=found / positives,
        precision=found / flagged if flagged else None,
        base=positives / (positives + negatives),
    )


def _curve(
    holdout: pl.DataFrame, read: _Read, names: tuple[str, str], among: Callable[[Floats, int], Floats]
) -> pl.DataFrame | None:
    rows = outcomes(holdout, TaskKind.BINARY)
    positive, score, known = binary(rows)
    n_positive, n_negative = int(positive.sum()), int(known.sum() - positive.sum())
    if not n_positive or not n_negative:
        return None
    exact = one_by_one(score[known], positive[known])
    value = read(exact.positives[0], exact.rows[0])
    blocks = code_blocks(rows.blocks)
    coarse = in_groups(score[known], positive[known], blocks.rows(known))
    n_blocks = min(blocks.count(positive), blocks.count(known & ~positive))
    drawn = _drawn(coarse, read, value) if n_blocks >= MIN_BLOCKS else None
    lower, upper = _band(value, drawn, n_blocks, among(value, n_positive))
    return pl.DataFrame({names[0]: _GRID, names[1]: value, "lower": lower, "upper": upper})


def _drawn(coarse: Counted, read: _Read, value: Floats) -> Floats:
    """Return the curve of each repeat, moved by what the groups change of it: repeats x points."""
    units = len(coarse.rows)
    grouping = read(coarse.positives.sum(axis=0), coarse.rows.sum(axis=0)) - value
    weights = bootstrap_weights(units, REPEATS, fixed_generator())
    pairs = zip(weights @ coarse.positives, weights @ coarse.rows, strict=True)
    return np.array([read(positives, rows) - grouping for positives, rows in pairs])


def _band(
    value: Floats, drawn: Floats | None, n_blocks: int, among: Floats
) -> tuple[list[float | None], list[float | None]]:
    if drawn is None:
        return [None] * len(value), [None] * len(value)
    level = resampling_level(n_blocks)
    ends: list[tuple[float | None, float | None]] = []
    for place, share in enumerate(value):
        found = percentile_interval(np.clip(drawn[:, place], 0, 1), level=level)
        whole = found and widest(found, wilson(float(share * among[place]), float(among[place])))
        ends.append((whole.lower, whole.upper) if whole else (None, None))
    return [lower for lower, _ in ends], [upper for _, upper in ends]


def _found_at(positives: Floats, rows: Floats) -> Floats:
    found, false = np.cumsum(positives), np.cumsum(rows - positives)
    if not found[-1] or not false[-1]:
        return np.full(POINTS, np.nan)
    return np.interp(_GRID, np.r_[0.0, false / false[-1]], np.r_[0.0, found / found[-1]])


def _precision_at(positives: Floats, rows: Floats) -> Floats:
    found, flagged = np.cumsum(positives), np.cumsum(rows)
    if not found[-1]:
        return np.full(POINTS, np.nan)
    first = np.searchsorted(found / found[-1], _GRID - 1e-12, side="left")
    place = np.maximum(first, np.searchsorted(flagged, 0, side="right"))  # the first group that was drawn at all
    return found[place] / flagged[place]


def _positives(found_share: Floats, n_positive: int) -> Floats:
    return np.full(len(found_share), float(n_positive))


def _flagged(precision: Floats, n_positive: int) -> Floats:
    return np.maximum(_GRID * n_positive / np.maximum(precision, 1e-12), 1.0)

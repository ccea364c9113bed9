"""Rows by score, the highest first: what metrics of a ranked list are made of, whichever blocks are drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.metrics.labelled import binary
from core.metrics.metric import Measurement, Outcomes
from core.statistics.blocks import Blocks, Floats
from core.statistics.resampling import Resample

GROUPS = 200
"""Into about so many groups of like scores rows are counted before anything is resampled."""

OfRanked = Callable[[Floats, Floats], Floats]
"""Positives and rows of each group, the highest score first (groups last, one line a repeat), to a value a repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Positives and rows of every unit in groups of like scores, the highest score first: units x groups."""

    positives: Floats
    rows: Floats


def ranked(outcomes: Outcomes, statistic: OfRanked, blocks: Blocks) -> Measurement | None:
    """Measure a statistic of a ranked list, or return ``None`` where no row is positive.

    The value is that of the rows, rows of one score being one group. What is resampled is the statistic of groups of
    like scores, moved by what the grouping changes.
    """
    positive, score, known = binary(outcomes)
    if not positive.any():
        return None
    exact = one_by_one(score[known], positive[known])
    value = float(statistic(exact.positives, exact.rows)[0])
    return Measurement(
        value=value,
        n=int(known.sum()),
        n_blocks=blocks.count(positive),
        resample=_resample(statistic, in_groups(score[known], positive[known], blocks.rows(known)), value),
    )


def one_by_one(scores: Floats, positive: NDArray[np.bool_]) -> Counted:
    """Count rows score by score, all blocks as one unit."""
    none = np.zeros(len(scores), dtype=np.intp)
    return _counted(-scores, positive, Blocks(codes=none, units=none, n_units=1), np.unique(-scores))


def in_groups(scores: Floats, positive: NDArray[np.bool_], blocks: Blocks) -> Counted:
    """Count rows in groups of like scores, about as many rows a group, and about as many positives."""
    shares = np.linspace(0, 1, GROUPS // 2 + 1)
    parts = [part for part in (-scores, -scores[positive]) if part.size]
    edges = np.unique(np.concatenate([np.quantile(part, shares, method="inverted_cdf") for part in parts]))
    return _counted(-scores, positive, blocks, edges)


def _counted(scores: Floats, positive: NDArray[np.bool_], blocks: Blocks, edges: Floats) -> Counted:
    """Count units x groups; a group ends with its edge."""
    places = blocks.units * len(edges) + np.searchsorted(edges, scores, side="left")
    size = blocks.n_units * len(edges)
    rows, hits = (np.bincount(places, weights=w, minlength=size).astype(np.float64) for w in (None, positive))
    return Counted(positives=hits.reshape(-1, len(edges)), rows=rows.reshape(-1, len(edges)))


def _resample(statistic: OfRanked, counted: Counted, value: float) -> Resample:
    once = np.ones((1, len(counted.rows)))
    grouping = float(statistic(once @ counted.positives, once @ counted.rows)[0]) - value

    def resampled(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.clip(statistic(weights @ counted.positives, weights @ counted.rows) - grouping, 0, None)

    return resampled


def hits_at_top(positives: Floats, rows: Floats, top: float) -> tuple[Floats, Floats]:
    """Return the positives among the top share of the rows, and how many rows that is.

    Of rows of one score, of which only some belong to the top, as many are positive as of all of them.
    """
    wanted = top * rows.sum(axis=-1, keepdims=True)
    before = np.cumsum(rows, axis=-1) - rows
    taken = np.clip(wanted - before, 0, rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(rows > 0, positives / rows, 0.0)
    return (taken * shares).sum(axis=-1), wanted[..., 0]

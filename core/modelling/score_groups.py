"""The hold-out rows of a run in groups of like scores: what was said, and what happened."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.metrics.estimation import estimated
from core.metrics.mean_of_rows import mean_of_rows
from core.metrics.share import share
from core.modelling.holdout import outcome_of
from core.scoping.project import TaskKind
from core.statistics.blocks import Blocks, Floats, code_blocks
from core.statistics.estimate import Estimate

BINS = 10
"""Groups of about equally many rows, from the lowest score to the highest."""

_TAIL = 0.1


def calibration(holdout: pl.DataFrame, kind: TaskKind, bins: int = BINS) -> pl.DataFrame:
    """Return ``predicted, happened, rows, lower, upper`` of groups of rows with like scores, the lowest first.

    The interval of what happened resamples blocks; that of a share is at least Wilson's.
    """
    rows, groups, blocks = _grouped(outcome_of(holdout, kind), bins)
    score, outcome = (rows[name].cast(pl.Float64).to_numpy() for name in ("score", "outcome"))
    shares = kind is not TaskKind.REGRESSION
    found = [(members, _mean(outcome, members, blocks, shares=shares)) for members in groups]
    return pl.DataFrame([{"predicted": float(score[m].mean()), "happened": e.value, **_ends(e)} for m, e in found])


def residuals(holdout: pl.DataFrame, bins: int = BINS) -> pl.DataFrame:
    """Return ``predicted, missed, rows, lower, upper, low, high`` of groups of rows with like predictions.

    ``missed`` is the mean of true minus predicted, with its interval; between ``low`` and ``high`` lie the middle 80 %
    of the rows.
    """
    rows, groups, blocks = _grouped(outcome_of(holdout, TaskKind.REGRESSION), bins)
    score, outcome = (rows[name].cast(pl.Float64).to_numpy() for name in ("score", "outcome"))
    missed = outcome - score
    found: list[dict[str, Any]] = []
    for members in groups:
        estimate = _mean(missed, members, blocks, shares=False)
        low, high = np.quantile(missed[members], [_TAIL, 1 - _TAIL]).tolist()
        predicted = float(score[members].mean())
        found.append({"predicted": predicted, "missed": estimate.value, **_ends(estimate), "low": low, "high": high})
    return pl.DataFrame(found)


def _grouped(rows: pl.DataFrame, bins: int) -> tuple[pl.DataFrame, Sequence[NDArray[np.bool_]], Blocks]:
    known = rows.filter(pl.col("score").is_finite() & pl.col("outcome").is_finite())
    place = (pl.col("score").rank("min") - 1) / pl.len()  # equal scores share a group
    group = known.select(group=(place * bins).floor())["group"].to_numpy()
    blocks = code_blocks(np.array(known["block"].cast(pl.String).to_list(), dtype=object))
    return known, [group == name for name in np.unique(group)], blocks


def _mean(values: Floats, members: NDArray[np.bool_], blocks: Blocks, *, shares: bool) -> Estimate:
    if shares:
        measured = share(members & (values > 0), among=members, rows=members, blocks=blocks)
    else:
        measured = mean_of_rows(values, members, blocks)
    assert measured is not None  # a group has rows
    return estimated(measured, blocks)


def _ends(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "rows": estimate.n,
        "lower": interval.lower if interval else None,
        "upper": interval.upper if interval else None,
    }

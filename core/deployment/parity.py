"""Does the served file repeat the trained model, and how fast does it answer?"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from core.deployment.model_version import Parity
from core.errors import InvalidInput
from core.metrics import measure
from core.metrics.metric import Outcomes
from core.modelling.onnx_model import OnnxModel, Scores
from core.modelling.preparation import input_columns
from core.statistics.estimate import Estimate

TOLERANCE = 1e-5
"""Largest difference of a probability, or of a value as a share of the largest one; float32 gives about 3e-7."""

CALLS = 200
_WARM_UP = 10


def check_parity(model: OnnxModel, holdout: pl.DataFrame) -> Parity:
    """Score the hold-out with the served file and compare with what the trained model said of it.

    ``holdout`` has every input, ``score`` and ``predicted``. A decision that differs where the score lies within the
    tolerance of the cut is no mismatch: there, rounding decides.

    Raises
    ------
    InvalidInput
        The hold-out is empty or lacks an input.
    """
    if holdout.is_empty():
        raise InvalidInput("There are no hold-out rows to check the served file with; train the run again.")
    served = model.score(input_columns(holdout, model.features))
    original = holdout["score"].cast(pl.Float64).to_numpy()
    # values have a unit, probabilities have none
    tolerance = TOLERANCE if model.classes else TOLERANCE * max(1.0, float(np.abs(original).max()))
    return Parity(
        rows=len(holdout),
        largest_difference=float(np.abs(served.score - original).max()),
        mismatches=_mismatches(holdout["predicted"].to_list(), served, cut=model.cut, tolerance=tolerance),
        tolerance=tolerance,
        latency=one_row_latency(holdout, model),
    )


def one_row_latency(rows: pl.DataFrame, model: OnnxModel) -> Estimate:
    """Return the p95 of one-row calls in milliseconds, on this machine, without the network.

    Raises
    ------
    InvalidInput
        There is no row to call with.
    """
    calls = [
        {feature.name: [row[feature.name]] for feature in model.features}
        for row in rows.head(CALLS).iter_rows(named=True)
    ]
    for call in calls[:_WARM_UP]:
        model.score(call)
    took = np.array([_milliseconds(model, calls[index % len(calls)]) for index in range(CALLS)])
    found = measure("latency_p95", {}, Outcomes(blocks=np.arange(CALLS), latency_ms=took))
    if found is None:
        raise InvalidInput("There is no row to call the served file with; train the run again.")
    return found


def _milliseconds(model: OnnxModel, call: dict[str, list[Any]]) -> float:
    started = time.perf_counter()
    model.score(call)
    return (time.perf_counter() - started) * 1e3


def _mismatches(original: Sequence[str | None], served: Scores, *, cut: float | None, tolerance: float) -> int:
    differs = np.array([a != b for a, b in zip(original, served.predicted, strict=True)])
    by_rounding = np.abs(served.score - cut) <= tolerance if cut is not None else np.zeros(len(differs), dtype=bool)
    return int((differs & ~by_rounding).sum())

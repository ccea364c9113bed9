"""Error of a predicted number without labels: DLE (direct loss estimation, NannyML), cross-fitted.

A second model learns on the hold-out how far the first one misses, and says it of the window's rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.monitoring.estimated.folds import folds_of
from core.statistics.alike import covariance_of_sums, drawn_normal, likeness
from core.statistics.blocks import Floats, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.boosting import learnable
from core.statistics.estimate import Estimate
from core.statistics.intervals import percentile_interval, resampling_level
from core.statistics.resampling import ratio

REPEATS = 400
FOLDS = 5
_SMALLEST_SHARE = 1e-3
"""No row is taken to miss by less than this share of the average: a variance of nothing would weigh without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Rows as numbers (rows x columns; the prediction is one of them) and the block of each."""

    values: Floats
    blocks: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Inputs):
    """Rows of which is known how far the prediction missed, in the target's unit; ``weights`` say how much each counts.

    Weights of ``overlap`` correct what the second model gets wrong where the window's rows are.
    """

    misses: Floats
    weights: Floats | None = None


def expected_losses(known: Floats, losses: Floats, window: Floats, *, learner: Callable[[], Any]) -> Floats:
    """Return the loss of each row of a window that a second model expects, none below 0.

    Parameters
    ----------
    known, window
        Inputs and prediction of rows, as numbers (rows x columns).
    losses
        Loss of each known row: its absolute error, or that squared.
    learner
        Makes the second model, a regressor with ``fit`` and ``predict``.

    Notes
    -----
    Direct loss estimation as NannyML has it: with LightGBM's regressor as it comes, the mean of absolute errors (or the
    root of the mean of squared ones) is NannyML's figure (``tests/benchmarks/nannyml_golden.py``). Here the trees are
    scikit-learn's, and ``expected_mae`` and ``expected_rmse`` correct the level of what they say on rows held out.
    """
    return np.maximum(learner().fit(learnable(known), losses).predict(window), 0)


def expected_mae(known: Missed, window: Inputs) -> Estimate:
    """Estimate the mean absolute error of a window without its labels, to hold at 95 % what the labels will show.

    Measured: bands held in 0.94 of 136 simulated windows like the hold-out, and in 0.97 of 486 whose inputs shifted by
    0.4 to 1.3 standard deviations, with weights (``tests/benchmarks/estimated_errors.py``).
    """
    value, drawn = _mean_loss(known, np.abs(known.misses), window)
    return _estimate(value, drawn, known, window)


def expected_rmse(known: Missed, window: Inputs) -> Estimate:
    """Estimate the root of the mean squared error of a window without its labels, likewise."""
    value, drawn = _mean_loss(known, known.misses**2, window)
    return _estimate(float(np.sqrt(value)), np.sqrt(drawn), known, window)


def _estimate(value: float, drawn: Floats, known: Missed, window: Inputs) -> Estimate:
    level = resampling_level(len(set(known.blocks.tolist())))
    return Estimate(
        value=value,
        interval=percentile_interval(drawn, level=level),
        n=len(window.values),
        n_blocks=len(set(window.blocks.tolist())),
    )


def _mean_loss(known: Missed, losses: Floats, window: Inputs) -> tuple[float, Floats]:
    """Return the mean loss of the window that is expected, and draws of what it may turn out as.

    Notes
    -----
    The mean of what the second model expects, moved by its own mean residual on known rows (each from a model that did
    not see its block). Three things vary: this residual, with the known blocks drawn again; what the window's rows
    turn out as, where a loss is taken to spread in proportion to what is expected of it, as errors of one shape and
    changing scale do; and, where rows are weighted, the second model, by the jackknife over its folds
    (``(K - 1) / K`` times the sum of squares; Efron 1982). In a window like the hold-out an error of the second model
    is in the residual too, and cancels; weights that are themselves estimated leave some of it.
    """
    rng, blocks = fixed_generator(), code_blocks(known.blocks)
    learned = _learned(known.values, losses, blocks.codes, window.values)
    expected, residuals = learned.expected, losses - learned.held_out
    weights = np.ones(len(losses)) if known.weights is None else known.weights
    scale = float(expected.mean() * weights.sum() / (weights @ learned.held_out))
    redraw = ratio(scale * blocks.sums(weights * residuals), blocks.sums(weights))
    value = max(float(expected.mean() + redraw(np.ones((1, blocks.n_units)))[0]), 0.0)
    spread = float((residuals**2).sum() / (learned.held_out**2).sum())
    alike = likeness(residuals, spread * learned.held_out**2, blocks.codes)
    groups = np.zeros(len(expected), dtype=np.intp)
    covariance = covariance_of_sums(spread * expected**2, groups, 1, code_blocks(window.blocks).codes, alike)
    outcome = drawn_normal(covariance, REPEATS, rng)[:, 0] / len(expected)
    level = redraw(bootstrap_weights(blocks.n_units, REPEATS, rng))
    model = 0.0 if known.weights is None else learned.error * rng.standard_normal(REPEATS)
    return value, np.maximum(expected.mean() + level + outcome + model, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """Losses of the window's rows that are expected, and of the known ones by a model that did not see their block.

    ``error`` is the standard error of the window's mean, as far as it depends on which folds were learned from.
    """

    expected: Floats
    held_out: Floats
    error: float


def _learned(known: Floats, losses: Floats, codes: NDArray[np.intp], window: Floats) -> _Learned:
    folds, least = folds_of(codes, FOLDS), _SMALLEST_SHARE * float(losses.mean()) or 1e-300
    held_out, means = np.zeros(len(losses)), np.zeros(FOLDS)
    for fold in range(FOLDS):
        model = _model().fit(learnable(known[folds != fold]), losses[folds != fold])
        held_out[folds == fold] = model.predict(known[folds == fold])
        means[fold] = model.predict(window).mean()
    return _Learned(
        expected=np.maximum(expected_losses(known, losses, window, learner=_model), least),
        held_out=np.maximum(held_out, least),
        error=float(np.sqrt((FOLDS - 1) * means.var())),
    )


def _model() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=8, min_samples_leaf=40, random_state=0)

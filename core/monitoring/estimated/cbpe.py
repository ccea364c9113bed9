"""Metrics of classes without labels: CBPE and, with weights, PAPE.

CBPE takes a score to mean what it meant on the hold-out. PAPE (probabilistic adaptive performance estimation,
arXiv 2401.08348) lets hold-out rows count as often as rows like them occur in the window, and then does the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.monitoring.estimated.expected import EXPECTED, Masses, masses_of
from core.statistics.alike import covariance_of_sums, drawn_normal, likeness
from core.statistics.blocks import Codes, Floats, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.calibration import Calibrator, calibrate, group_edges, groups_of, redrawn_shares
from core.statistics.estimate import Estimate
from core.statistics.intervals import percentile_interval, resampling_level

REPEATS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Rows with a score each and the block that each belongs to."""

    scores: Floats
    blocks: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned(Scored):
    """Scored rows of which is known whether they turned out ``positive``; ``weights`` say how much each counts."""

    positive: NDArray[np.bool_]
    weights: Floats | None = None


def expected_metric(metric: str, known: Turned, window: Scored, *, cut: float = 0.5) -> Estimate | None:
    """Estimate ``metric`` of a window without its labels; ``None`` where the model never says what it is about.

    The interval is to hold, at 95 %, the value that the window's labels will show: it varies the calibration (known
    rows are redrawn by block and calibrated anew) and what happens to the window's rows (given their probabilities,
    rows of one block as alike as known ones were).

    Parameters
    ----------
    metric
        A key of ``EXPECTED``.
    cut
        The score above which the model says yes.
    """
    learned = calibrate(known.scores, known.positive, known.weights)
    probabilities = learned(window.scores)
    exact = masses_of(probabilities, window.scores, window.scores > cut)
    value = float(EXPECTED[metric](exact))
    if not np.isfinite(value):
        return None
    blocks = code_blocks(known.blocks)
    drawn = np.clip(EXPECTED[metric](_drawn(known, window, learned, cut)), -1 if metric == "share_gap" else 0, 1)
    n_blocks = blocks.count(np.ones(len(known.blocks), dtype=np.bool_))
    return Estimate(
        value=value,
        interval=percentile_interval(drawn, level=resampling_level(n_blocks)),
        n=len(window.scores),
        n_blocks=len(set(window.blocks.tolist())),
    )


def _drawn(known: Turned, window: Scored, learned: Calibrator, cut: float) -> Masses:
    """Return what the window may turn out as: one line a draw."""
    rng = fixed_generator()
    edges = group_edges(known.scores, cut)
    n_groups, groups = len(edges) + 1, groups_of(window.scores, edges)
    rows = _sums(groups, np.ones(len(groups)), n_groups)
    probabilities = learned(window.scores)
    share = _sums(groups, probabilities, n_groups) / np.maximum(rows, 1)
    expected = rows * np.clip(share + _calibration_noise(known, edges, rng), 0, 1)
    variances = probabilities * (1 - probabilities)
    covariance = covariance_of_sums(variances, groups, n_groups, code_blocks(window.blocks).codes, _alike(known))
    return Masses(
        rows=rows,
        # not clipped: in groups of few rows that would move the mean of the draws, and the band with it
        positives=expected + drawn_normal(covariance, REPEATS, rng),
        flagged=np.concatenate([edges, [np.inf]]) > cut,
        promised=_sums(groups, window.scores, n_groups),
    )


def _calibration_noise(known: Turned, edges: Floats, rng: np.random.Generator) -> Floats:
    """Return how far the share of each group moves when the known blocks are drawn again, one line a draw."""
    blocks, n_groups = code_blocks(known.blocks), len(edges) + 1
    cells = blocks.units * n_groups + groups_of(known.scores, edges)
    weights = np.ones(len(cells)) if known.weights is None else known.weights

    def table(values: Floats) -> Floats:
        return _sums(cells, values, blocks.n_units * n_groups).reshape(-1, n_groups)

    rows, positives = table(weights), table(weights * known.positive)
    base = redrawn_shares(rows, positives, np.ones((1, blocks.n_units)))
    return redrawn_shares(rows, positives, bootstrap_weights(blocks.n_units, REPEATS, rng)) - base


def _sums(places: Codes, values: Floats, length: int) -> Floats:
    return np.bincount(places, weights=values, minlength=length).astype(np.float64)


def _alike(known: Turned) -> float:
    probabilities = calibrate(known.scores, known.positive)(known.scores)
    return likeness(
        known.positive - probabilities, probabilities * (1 - probabilities), code_blocks(known.blocks).codes
    )

"""Calibration error: how far the probability is from the share that happens, score by score."""

from collections.abc import Mapping

import numpy as np

from core.metrics.labelled import probabilities
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks, Floats

BINS = 10
"""Groups of about equally many rows, from the lowest score to the highest."""


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    """Measure the root of the mean squared gap, freed of what chance alone would add.

    Notes
    -----
    A gap squared is too large by its variance. The products of a block's gaps with another block's are not (a
    U-statistic over blocks; Kumar, Liang and Ma 2019 debias by rows). A block that is drawn twice is no other block, so
    its product with itself is left out of the repeats too.
    """
    del parameters
    positive, score, known = probabilities(outcomes)
    n_blocks = blocks.count(known)
    if n_blocks < 2:
        return None
    gaps, rows = _sums(score[known] - positive[known], score[known], blocks.rows(known))

    def error(weights: Floats) -> Floats:
        squared, counted = np.square(weights), weights @ rows
        others = np.square(weights @ gaps) - squared @ np.square(gaps)
        pairs = np.square(counted) - squared @ np.square(rows)
        square = np.divide(others, pairs, out=np.zeros_like(others), where=pairs > 0)
        return np.sqrt(np.clip((square * counted).sum(axis=-1) / counted.sum(axis=-1), 0, None))

    return Measurement(
        value=float(error(np.ones((1, blocks.n_units)))[0]), n=int(known.sum()), n_blocks=n_blocks, resample=error
    )


def _sums(gaps: Floats, scores: Floats, blocks: Blocks) -> tuple[Floats, Floats]:
    """Return the sums of gaps and the rows, units x groups of like scores."""
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, BINS + 1)[1:-1]))
    groups = np.searchsorted(edges, scores, side="left")
    members = [groups == place for place in range(len(edges) + 1)]
    return (
        np.column_stack([blocks.sums(np.where(rows, gaps, 0.0)) for rows in members]),
        np.column_stack([blocks.sums(rows) for rows in members]),
    )


CALIBRATION_ERROR = Metric(
    name="calibration_error",
    title="Calibration error",
    description="How far the probability is from the share that happens, over ten groups of like scores (root of the "
    "mean square, less what chance adds).",
    misleads="A model that says the same of every row can reach 0: read it beside ROC AUC.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
)

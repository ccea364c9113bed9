"""Missing values: the difference of their shares."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.statistics.row_tests import same_shares


def _measure(counts: Counts) -> Measured:
    lines = np.array([[counts.n, counts.missing[0]], [counts.m, counts.missing[1]]], dtype=np.float64)
    if not lines.sum(axis=1).all():
        return Measured(refusal="One side has no rows.")
    before, after = lines[:, 1] / lines.sum(axis=1)
    return Measured(
        value=float(after - before),
        p_value=same_shares(lines[0], lines[1]),
        note=f"Missing: {before:.1%} of the reference, {after:.1%} of the current data.",
    )


MISSINGNESS = Method(
    name="missing",
    title="Missing values",
    formula="share of cells without a value, current less reference",
    constants="NaN counts as missing",
    misleads="A word that stands for nothing (n/a, -999) is a value to it.",
    source="scipy.stats.chi2_contingency, or fisher_exact where few are missing",
    kinds=("number", "category", "empty"),
    of_counts=_measure,
)

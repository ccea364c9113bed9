"""The share of current values outside the reference's range."""

import math

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method


def _measure(counts: Counts) -> Measured:
    held = np.flatnonzero(counts.reference)
    below, above = float(counts.current[: held[0]].sum()), float(counts.current[held[-1] + 1 :].sum())
    by_chance = min(_so_many(below, counts), _so_many(above, counts))
    return Measured(
        value=(below + above) / counts.m,
        p_value=min(1.0, 2 * by_chance),
        note=f"{below:,.0f} rows below and {above:,.0f} above the reference's range.",
    )


def _so_many(beyond: float, counts: Counts) -> float:
    """Return how often chance puts so many current rows beyond all of the reference: the last ranks are all theirs."""
    total, m = counts.n + counts.m, counts.m
    logs = [math.lgamma(m + 1), -math.lgamma(m - beyond + 1), math.lgamma(total - beyond + 1), -math.lgamma(total + 1)]
    return math.exp(min(0.0, sum(logs)))


OUTSIDE_RANGE = Method(
    name="outside",
    title="Outside the reference range",
    formula="share of current values below the smallest or above the largest of the reference; "
    "P(k beyond) = m! (N - k)! / ((m - k)! N!)",
    constants="both ends of the range are inside; both tails count, so the p-value is doubled",
    misleads="One wild value in the reference makes its range wide, and nothing lies outside any more.",
    source="combinatorics: without drift every order of the rows is as likely",
    kinds=("number",),
    of_counts=_measure,
)

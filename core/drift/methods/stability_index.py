"""Population stability index, with its law of chance."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, chance
from core.statistics.blocks import Floats

BINS = 10


def _measure(counts: Counts) -> Measured:
    table = counts.binned(BINS)
    return Measured(value=float(_index(table[0], table[1])), p_value=chance(table, _index, scale=1))


def _index(first: Floats, second: Floats) -> Floats:
    p, q = ((line + 0.5) / (line + 0.5).sum(axis=-1, keepdims=True) for line in (first, second))
    return ((q - p) * np.log(q / p)).sum(axis=-1)


STABILITY_INDEX = Method(
    name="psi",
    title="Population stability index",
    formula="PSI = sum (q - p) ln(q / p)",
    constants=f"{BINS} bins of equal share of the reference, half a row more in every bin",
    misleads="0.1 and 0.25 are no thresholds: chance alone brings 0.34 with 100 rows in ten bins, and a shift that "
    "matters brings 0.04 with a million. Where no row moved it is (1/n + 1/m) chi-square.",
    source="Yurdakul 2018 (the law of chance)",
    kinds=("number", "category"),
    of_counts=_measure,
)

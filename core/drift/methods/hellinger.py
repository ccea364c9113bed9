"""Hellinger: the distance of the square roots of the shares."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, chance
from core.statistics.blocks import Floats

BINS = 10


def _measure(counts: Counts) -> Measured:
    table = counts.binned(BINS)
    value = float(np.sqrt(float(_squared(table[0], table[1]))))
    return Measured(value=value, p_value=chance(table, _squared, scale=8))


def _squared(first: Floats, second: Floats) -> Floats:
    p, q = (line / line.sum(axis=-1, keepdims=True) for line in (first, second))
    return ((np.sqrt(p) - np.sqrt(q)) ** 2).sum(axis=-1) / 2


HELLINGER = Method(
    name="hellinger",
    title="Hellinger distance",
    formula="sqrt(sum (sqrt(p) - sqrt(q))^2 / 2)",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one",
    misleads="With few rows chance alone brings a distance; read it beside its p-value.",
    source="numpy; closed form for normal distributions: 1 - exp(-d^2 / 8) squared, before binning",
    kinds=("number", "category"),
    of_counts=_measure,
)

"""Jensen-Shannon: how much is learned of a row's side from its bin."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method, chance
from core.statistics.blocks import Floats

BINS = 10


def _measure(counts: Counts) -> Measured:
    table = counts.binned(BINS)
    value = float(np.sqrt(max(0.0, float(_divergence(table[0], table[1]))) / np.log(2)))
    return Measured(value=value, p_value=chance(table, _divergence, scale=8))


def _divergence(first: Floats, second: Floats) -> Floats:
    from scipy.special import rel_entr

    p, q = (line / line.sum(axis=-1, keepdims=True) for line in (first, second))
    middle = (p + q) / 2
    return (rel_entr(p, middle) + rel_entr(q, middle)).sum(axis=-1) / 2


JENSEN_SHANNON = Method(
    name="js",
    title="Jensen-Shannon distance",
    formula="sqrt((KL(p, (p + q) / 2) + KL(q, (p + q) / 2)) / 2), logarithms of base 2",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one",
    misleads="With many levels and few rows chance alone brings more than 0.1, the threshold of other tools.",
    source="scipy.spatial.distance.jensenshannon(base=2)",
    kinds=("number", "category"),
    of_counts=_measure,
)

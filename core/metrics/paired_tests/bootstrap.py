"""Paired bootstrap over blocks: rows of one block resemble one another."""

from core.metrics.estimation import estimate_difference
from core.metrics.paired_test import Pair, PairedTest
from core.statistics.estimate import Estimate


def _difference(pair: Pair) -> Estimate | None:
    return estimate_difference(pair.metric, pair.left, pair.right, parameters=pair.parameters, level=pair.level)


BOOTSTRAP = PairedTest(
    name="bootstrap",
    title="Paired bootstrap",
    why="{block}s are drawn with replacement, the same ones for both, and the interval is the central part of the "
    "differences",
    difference=_difference,
)

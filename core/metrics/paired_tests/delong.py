"""DeLong's test: the areas under two ROC curves of the same independent rows."""

from core.metrics.labelled import binary
from core.metrics.paired_test import Pair, PairedTest
from core.statistics.estimate import Estimate
from core.statistics.paired import of_aucs


def _difference(pair: Pair) -> Estimate | None:
    positive, left, known = binary(pair.left)
    _, right, also = binary(pair.right)
    both = known & also
    n = int(both.sum())
    if not 0 < int(positive[both].sum()) < n:
        return None
    return pair.estimate(of_aucs(left[both], right[both], positive[both]), n)


DELONG = PairedTest(
    name="delong",
    title="DeLong",
    why="rows are independent and each is scored by both; the interval is the test's own",
    difference=_difference,
)

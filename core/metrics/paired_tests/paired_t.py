"""Student's paired t: two means over the same independent rows."""

from core.metrics.paired_test import Pair, PairedTest
from core.statistics.estimate import Estimate
from core.statistics.paired import of_means


def _difference(pair: Pair) -> Estimate | None:
    rows = pair.rows
    if rows is None or not len(rows):
        return None
    return pair.estimate(of_means(rows[:, 1] - rows[:, 0]), len(rows))


PAIRED_T = PairedTest(
    name="paired_t",
    title="Paired t",
    why="rows are independent and the metric is the mean of one value a row; the interval is the test's own, "
    "and reaches further where differences are skewed (Hall 1992)",
    difference=_difference,
)

"""McNemar's test: two shares of the same independent rows, by those on which the models disagree."""

from core.metrics.paired_test import Pair, PairedTest
from core.statistics.estimate import Estimate
from core.statistics.paired import FEW_DISCORDANT, of_shares


def _difference(pair: Pair) -> Estimate | None:
    rows = pair.rows
    if rows is None or not len(rows):
        return None
    left, right = rows.T
    return pair.estimate(of_shares(int((right > left).sum()), int((left > right).sum()), len(rows)), len(rows))


MCNEMAR = PairedTest(
    name="mcnemar",
    title="McNemar",
    why=f"rows are independent and each is right or wrong by both; exact where the two disagree on fewer than "
    f"{FEW_DISCORDANT}, and the interval, Tango's, leaves zero out where the test rejects",
    difference=_difference,
)

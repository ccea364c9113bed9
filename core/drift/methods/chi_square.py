"""Chi-square test of homogeneity: do both sides have the same shares?"""

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.statistics.row_tests import same_shares

BINS = 10


def _measure(counts: Counts) -> Measured:
    from scipy.stats import chi2_contingency

    table = counts.binned(BINS)
    found = chi2_contingency(table, correction=False)
    return Measured(value=float(found.statistic), p_value=same_shares(table[0], table[1]))  # pyright: ignore


CHI_SQUARE = Method(
    name="chi2",
    title="Chi-square of homogeneity",
    formula="sum (observed - expected)^2 / expected, over both sides",
    constants=f"{BINS} bins of equal share of the reference; rare levels are one; where a bin should hold fewer "
    "than five rows, Fisher's exact test (two bins) or rows dealt anew",
    misleads="It grows with the rows: it says whether something moved, not how much.",
    source="scipy.stats.chi2_contingency(correction=False)",
    kinds=("number", "category"),
    of_counts=_measure,
)

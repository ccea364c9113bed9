"""The catalogue of paired tests, and which one a design asks for."""

from collections.abc import Mapping

import numpy as np

from core.metrics.paired_test import Pair, PairedTest
from core.metrics.paired_tests.bootstrap import BOOTSTRAP
from core.metrics.paired_tests.delong import DELONG
from core.metrics.paired_tests.mcnemar import MCNEMAR
from core.metrics.paired_tests.paired_t import PAIRED_T

PAIRED_TESTS: Mapping[str, PairedTest] = {
    "bootstrap": BOOTSTRAP,
    "delong": DELONG,
    "mcnemar": MCNEMAR,
    "paired_t": PAIRED_T,
}


def fitting_test(pair: Pair) -> PairedTest:
    """Return the test that a pair asks for, by its metric and by whether each row is a block of its own."""
    if not pair.independent:
        return BOOTSTRAP
    if pair.metric.name == "roc_auc":
        return DELONG
    rows = pair.rows
    if rows is None:
        return BOOTSTRAP
    return MCNEMAR if np.isin(rows, (0.0, 1.0)).all() else PAIRED_T


__all__ = ["PAIRED_TESTS", "Pair", "PairedTest", "fitting_test"]

"""Every method that is defined for a column measures it; thresholds of other tools say yes or no beside them."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import ks_2samp

from core.drift.by_methods import by_methods

RNG = np.random.default_rng(2)
BEFORE, AFTER = RNG.normal(0, 1, 800), RNG.normal(0.5, 1, 700)


def test_a_number_by_all_methods():
    found = {one.title: one for one in by_methods(pl.Series("x", BEFORE), pl.Series("x", AFTER))}
    ks = found["Kolmogorov-Smirnov"]
    expected = ks_2samp(BEFORE, AFTER)
    assert (ks.value, ks.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-6)
    assert found["As Evidently's default"].drift is True
    assert all(one.said for one in found.values())


@pytest.mark.parametrize(
    ("before", "after"),
    [([], []), ([None], [1.0]), (["a", "b"], ["a", "a"]), ([1.0], ["a"]), ([[1]], [[2]]), ([True], [False])],
)
def test_what_is_not_defined_is_left_out(before: list[object], after: list[object]):
    found = by_methods(pl.Series("x", before, strict=False), pl.Series("x", after, strict=False))
    assert all(one.value is not None or one.drift is not None for one in found)

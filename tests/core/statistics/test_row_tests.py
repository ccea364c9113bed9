import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, ks_2samp, mannwhitneyu

from core.statistics.row_tests import location_and_shape, same_shares


def test_shares_are_tested_as_scipy_does() -> None:
    large, small = np.array([[300.0, 200, 90], [280, 230, 80]]), np.array([[3.0, 9], [8, 2]])
    assert same_shares(*large) == pytest.approx(chi2_contingency(large, correction=False).pvalue)
    assert same_shares(*small) == pytest.approx(fisher_exact(small.astype(int)).pvalue)
    assert same_shares(np.array([5.0, 0]), np.array([7.0, 0])) == 1


def test_the_error_rate_of_small_tables_is_kept() -> None:
    rng = np.random.default_rng(0)
    p_values = [same_shares(*rng.multinomial(25, [0.5, 0.3, 0.1, 0.1], 2).astype(float)) for _ in range(400)]
    assert 0.01 < np.mean(np.array(p_values) < 0.05) < 0.08


def test_rows_dealt_anew_see_what_is_there() -> None:
    assert same_shares(np.array([20.0, 1, 1]), np.array([2.0, 9, 8])) < 0.001


def test_location_and_shape_keep_their_error_rate_and_see_both() -> None:
    rng = np.random.default_rng(1)
    null = [location_and_shape(*np.sort(rng.normal(size=(2, 60)))).p_value for _ in range(400)]
    assert 0.005 < np.mean(np.array(null) < 0.05) < 0.07
    base = np.sort(rng.normal(size=500))
    assert location_and_shape(base, base + 0.5).p_value < 1e-6
    assert location_and_shape(base, base * 3).p_value < 1e-6
    assert location_and_shape(np.ones(3), np.ones(4)).p_value == 1


def test_location_and_shape_are_scipys() -> None:
    rng = np.random.default_rng(2)
    for first, second in (
        (rng.normal(size=700), rng.normal(0.1, 1.1, 400)),
        (rng.poisson(3, 500).astype(float), rng.poisson(3.2, 90).astype(float)),
        (np.array([0.0, 0, 1]), np.array([0.0, 2, 2, 5])),
        (np.arange(5.0), np.arange(10.0, 13)),
    ):
        found = location_and_shape(np.sort(first), np.sort(second))
        shape = ks_2samp(first, second, method="asymp")
        location = mannwhitneyu(first, second, method="asymptotic")
        assert found.distance == pytest.approx(shape.statistic, abs=1e-12)
        assert found.p_value == pytest.approx(min(1, 2 * min(shape.pvalue, location.pvalue)), abs=1e-9)

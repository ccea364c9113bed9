import numpy as np
import pytest
from scipy.stats import binomtest

from core.statistics.blocks import bootstrap_weights, fixed_generator
from core.statistics.estimate import Interval
from core.statistics.intervals import (
    mean_of_shares,
    percentile_interval,
    quantile_interval,
    resampling_level,
    widest,
    wilson,
)
from core.statistics.multiplicity import benjamini_hochberg
from core.statistics.resampling import ratio


@pytest.mark.parametrize(("successes", "n"), [(0, 3), (3, 3), (1, 10), (448, 1000), (1, 100_000)])
def test_wilson_is_scipys(successes: int, n: int) -> None:
    expected = binomtest(successes, n).proportion_ci(method="wilson")
    found = wilson(successes, n)
    assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == Interval(lower=0.0, upper=1.0)


def test_a_mean_of_one_share_has_that_shares_interval() -> None:
    assert mean_of_shares([(7, 20)]) == wilson(7, 20)


def test_quantile_interval_covers_as_promised() -> None:
    rng = np.random.default_rng(3)
    truth = -np.log(0.05)
    intervals = [quantile_interval(rng.exponential(size=200), 0.95) for _ in range(1000)]
    covered = np.mean([i is not None and i.contains(truth) for i in intervals])
    assert 0.93 < covered < 0.99


def test_quantile_interval_needs_72_values_for_the_p95() -> None:
    assert quantile_interval(np.arange(71.0), 0.95) is None
    assert quantile_interval(np.arange(100.0), 0.95) is not None


def test_few_blocks_are_cut_further_out() -> None:
    levels = [resampling_level(n) for n in (5, 7, 10, 14, 31)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 0.99
    assert 0.95 < levels[-1] < 0.965


@pytest.mark.parametrize("n", [7, 14, 31])
def test_an_interval_over_days_misses_as_often_as_it_says(n: int) -> None:
    rng, weights = np.random.default_rng(n), bootstrap_weights(n, 1000, fixed_generator())
    misses = 0
    for _ in range(1000):
        late = rng.poisson(250, n) + 20
        resampled = ratio(rng.binomial(late, rng.beta(2, 5, n)).astype(float), late.astype(float))(weights)
        interval = percentile_interval(resampled, level=resampling_level(n))
        misses += interval is None or not interval.contains(2 / 7)
    assert 0.03 < misses / 1000 < 0.08


def test_the_widest_interval_holds_both() -> None:
    assert widest(Interval(lower=0.2, upper=0.5), Interval(lower=0.1, upper=0.4)) == Interval(lower=0.1, upper=0.5)
    assert widest(Interval(lower=0.2, upper=0.5), None) == Interval(lower=0.2, upper=0.5)


def test_benjamini_hochberg_keeps_the_order_of_its_input() -> None:
    assert benjamini_hochberg([0.04, 0.01, 0.5]) == pytest.approx((0.06, 0.03, 0.5))
    assert benjamini_hochberg([]) == ()

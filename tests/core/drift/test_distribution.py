import numpy as np
import polars as pl
import pytest

from core.drift.distribution import MOST_BINS, MOST_LEVELS, OTHERS, beyond, distribution


def test_numbers_share_their_bins_and_each_side_adds_up_to_one():
    rng = np.random.default_rng(1)
    found = distribution(pl.Series(rng.normal(0, 1, 5000)), pl.Series(rng.normal(3, 1, 500)))
    assert len(found.edges) == MOST_BINS + 1
    assert sum(found.reference) == pytest.approx(1)
    assert sum(found.current) == pytest.approx(1)
    middles = np.array(found.edges[:-1]) + np.diff(found.edges) / 2
    assert middles @ np.array(found.current) == pytest.approx(3, abs=0.15)


def test_an_outlier_falls_into_the_last_bin_and_does_not_stretch_the_others():
    values = np.append(np.linspace(0, 1, 5000), 1e9)
    found = distribution(pl.Series(values), pl.Series(values))
    assert found.edges[-1] < 2
    assert sum(found.reference) == pytest.approx(1)


def test_few_values_have_a_bin_each():
    found = distribution(pl.Series([0, 1, 1, 6]), pl.Series([0, 6, 6, 6]))
    assert len(found.edges) == 4
    assert found.reference == (0.25, 0.5, 0.25)
    assert found.current == (0.25, 0.0, 0.75)


def test_missing_values_are_counted_apart():
    found = distribution(pl.Series([1.0, 2.0, None, None]), pl.Series([1.0, 2.0, 2.0, None]))
    assert (found.missing_reference, found.missing_current) == (0.5, 0.25)
    assert sum(found.reference) == pytest.approx(1)


def test_the_most_frequent_levels_are_named_and_the_others_are_one():
    levels = [chr(65 + n) for n in range(20) for _ in range(20 - n)]
    found = distribution(pl.Series(levels), pl.Series(["A"] * 10))
    assert found.levels[0] == "A"
    assert found.levels[-1] == OTHERS
    assert len(found.levels) == MOST_LEVELS + 1
    assert sum(found.reference) == pytest.approx(1)
    assert found.current[0] == 1.0


@pytest.mark.parametrize("current", [pl.Series([], dtype=pl.Float64), pl.Series([None, None], dtype=pl.Float64)])
def test_nothing_to_count_is_no_error(current: pl.Series):
    found = distribution(pl.Series([1.0, 2.0]), current)
    assert sum(found.current) == 0


def test_beyond_counts_each_side_and_leaves_missing_values_inside():
    assert beyond(pl.Series([1.0, 5.0, 9.0, None]), 2.0, 8.0) == (0.25, 0.25)

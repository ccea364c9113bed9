import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.statistics.blocks import MAX_UNITS, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.resampling import auc, mean_of_ratios, pair_wins, ratio


def test_weights_draw_as_many_units_as_there_are() -> None:
    weights = bootstrap_weights(31, 200, fixed_generator())
    assert weights.shape == (200, 31)
    assert (weights.sum(axis=1) == 31).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(31), abs=0.3)


def test_blocks_are_coded_by_name_whatever_the_order_of_the_rows() -> None:
    blocks = code_blocks(np.array(["b", "a", "b"], dtype=object))
    assert blocks.codes.tolist() == [1, 0, 1]
    assert blocks.sums(np.array([1.0, 2.0, 3.0])).tolist() == [2.0, 4.0]


def test_many_blocks_are_pooled_but_counted_as_they_are() -> None:
    blocks = code_blocks(np.arange(5000))
    assert blocks.n_units == MAX_UNITS
    assert blocks.count(np.ones(5000, dtype=bool)) == 5000
    assert np.bincount(blocks.units).max() <= 13


def test_resampled_auc_equals_sklearns_on_the_drawn_rows() -> None:
    rng = np.random.default_rng(0)
    day = rng.integers(0, 6, 300)
    score, positive = rng.integers(0, 20, 300) / 20, rng.random(300) < 0.4
    blocks = code_blocks(day)
    wins = pair_wins(score, positive, blocks)
    resample = auc(wins, blocks.sums(positive), blocks.sums(~positive))
    for weights in bootstrap_weights(6, 5, rng):
        expected = roc_auc_score(positive, score, sample_weight=weights[day])
        assert resample(weights[None, :])[0] == pytest.approx(expected, abs=1e-12)


def test_a_repeat_without_denominator_is_no_number() -> None:
    values = ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]))(np.array([[1.0, 1.0], [0.0, 2.0]]))
    assert values[0] == 0.5
    assert np.isnan(values[1])


def test_a_class_that_was_not_drawn_is_left_out_of_the_mean() -> None:
    numerators, denominators = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[2.0, 0.0], [2.0, 1.0]])
    values = mean_of_ratios(numerators, denominators)(np.array([[1.0, 1.0], [2.0, 0.0]]))
    assert values.tolist() == [0.75, 0.5]

"""The arithmetic behind the charts of logged runs: the front, bands over seeds, what a parameter says."""

import itertools

import numpy as np
import pytest

from core.modelling.tracking.front import front
from core.modelling.tracking.influence import fewest_runs, influence
from core.modelling.tracking.seeds import band, by_seed, is_seed


@pytest.mark.parametrize("more", list(itertools.product([True, False], repeat=2)))
def test_the_front_is_every_run_that_none_beats(more: tuple[bool, bool]):
    chance = np.random.default_rng(0)
    values = chance.integers(0, 12, (80, 2)).astype(float)  # with ties
    better = values * np.where(more, 1, -1)
    beaten = [any((other >= one).all() and (other > one).any() for other in better) for one in better]
    found = front(values[:, 0].tolist(), values[:, 1].tolist(), more)
    assert set(found) == {place for place, lost in enumerate(beaten) if not lost}
    assert better[found, 0].tolist() == sorted(better[found, 0], reverse=True)


def test_a_run_without_two_finite_values_is_on_no_front():
    assert front([1.0, None, float("nan"), 9.0], [1.0, 5.0, 5.0, float("inf")], (True, True)) == [0]


def test_runs_that_differ_only_in_seed_are_one_group():
    params = [{"depth": "1", "seed": "1"}, {"depth": "2", "seed": "1"}, {"depth": "1", "seed": "2"}, {"depth": "1"}]
    assert by_seed([*params, {"depth": "1"}]) == [[0, 2], [1], [3], [4]]
    assert [name for name in ("seed", "torch.seed", "random_state", "seeds_sown", "state") if is_seed(name)] == [
        "seed",
        "torch.seed",
        "random_state",
    ]


def test_a_band_has_the_steps_that_all_runs_share():
    found = band([([0, 1, 2], [1.0, 2.0, float("nan")]), ([0, 1, 2, 3], [3.0, 2.0, 5.0, 9.0])])
    assert (found.steps, found.means, found.lows, found.highs) == ([0, 1], [2.0, 2.0], [1.0, 2.0], [3.0, 2.0])


def test_a_parameter_that_makes_the_metric_is_found_and_noise_is_not():
    chance = np.random.default_rng(1)
    depth, kind = chance.integers(1, 9, 200), chance.choice(["relu", "tanh"], 200)
    metric = np.log(depth) + 0.5 * (kind == "relu") + chance.normal(0, 0.05, 200)
    noise = [str(value) for value in chance.random(200)]
    found = influence({"noise": noise, "depth": depth.astype(str).tolist(), "kind": kind.tolist()}, metric.tolist())
    assert found is not None
    assert list(found.falls) == ["depth", "kind", "noise"]
    assert found.explained > 0.9
    assert abs(found.falls["noise"][0]) < 0.02
    # shuffling an independent input doubles its share of the variance in the error: 2 Var(E[y | x]) / Var(y)
    share = 2 * np.var(np.log(depth)) / np.var(metric)
    assert found.falls["depth"][0] == pytest.approx(share, rel=0.15)


def test_where_nothing_is_explained_r2_says_so_and_few_runs_say_nothing():
    chance = np.random.default_rng(2)
    found = influence({"a": chance.random(100).tolist(), "b": [None, "x"] * 50}, chance.random(100).tolist())
    assert found is not None
    assert found.explained < 0.1
    assert influence({"a": [1.0] * 29}, chance.random(29).tolist()) is None
    assert fewest_runs(3) == 30
    assert influence({"a": [1.0] * 40}, [0.5] * 40) is None

"""Thresholds from elsewhere say what the tools they are named after say."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from core.drift.conditions import CONDITIONS
from core.drift.counts import Counts, counted


def of(before: Any, after: Any) -> Counts:
    return counted(pl.Series(before), pl.Series(after))


def test_evidently_changes_its_method_with_the_rows_of_the_reference() -> None:
    rng = np.random.default_rng(0)
    few, many = (of(rng.normal(size=n), rng.normal(0.09, 1, n)) for n in (1_000, 100_000))
    measure = CONDITIONS["evidently"].measure
    assert measure(few)[1:] == (0.05, True)
    assert measure(many)[1:] == (0.1, False)
    assert not CONDITIONS["evidently"].met(many)  # though it is as significant as can be
    categories = of(rng.choice(list("abc"), 500), rng.choice(list("abc"), 400))
    expected = categories.reference * 400 / 500
    assert measure(categories)[0].value == pytest.approx(stats.chisquare(categories.current, expected).pvalue)
    assert CONDITIONS["evidently"].met(of(["a"] * 300 + ["b"] * 400 + ["c"] * 9, ["a"] * 250 + ["b"] * 333 + ["d"]))


def test_evidently_calls_categories_of_equal_populations_drifted_far_too_often() -> None:
    rng = np.random.default_rng(1)
    levels = list("abcdefgh")
    met = [CONDITIONS["evidently"].met(of(rng.choice(levels, 800), rng.choice(levels, 800))) for _ in range(150)]
    assert np.mean(np.array(met, dtype=bool)) > 0.25  # 0.43 in theory


def test_folk_thresholds_are_noise_with_few_rows_and_blind_with_many() -> None:
    rng = np.random.default_rng(2)
    noise = [CONDITIONS["psi_0.1"].met(of(rng.normal(size=150), rng.normal(size=150))) for _ in range(100)]
    assert np.mean(np.array(noise, dtype=bool)) > 0.4
    shifted = of(rng.normal(size=50_000), rng.normal(0.2, 1, 50_000))
    assert not CONDITIONS["psi_0.25"].met(shifted)
    assert not CONDITIONS["deepchecks"].met(shifted)


@pytest.mark.parametrize("name", list(CONDITIONS))
def test_what_cannot_be_measured_is_no_drift_and_no_peace(name: str) -> None:
    assert CONDITIONS[name].met(of([None] * 9, [1.0] * 9)) is None
    assert CONDITIONS[name].met(of([[1]] * 9, [[2]] * 9)) is None
    assert CONDITIONS[name].misleads.endswith(".")

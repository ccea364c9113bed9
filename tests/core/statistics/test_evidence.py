"""A lower end and a p-value that are one construction: both keep their promise, and never contradict each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.blocks import Floats
from core.statistics.categories import total_variation
from core.statistics.evidence import AtLeast, Evidence
from core.statistics.row_tests import location_and_shape

SHARES = st.floats(1e-6, 0.5)


def agrees(found: AtLeast, errors: float) -> bool:
    return (found.lower(errors) > 0) == (found.p_value <= errors)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 2), st.integers(3, 60), SHARES)
def test_ranks_have_a_lower_end_above_nothing_where_they_are_significant(
    seed: int, shift: float, n: int, errors: float
) -> None:
    rng = np.random.default_rng(seed)
    for digits in (1, 8):  # with ties and without
        first, second = rng.normal(size=n).round(digits), rng.normal(shift, 1, 2 * n).round(digits)
        assert agrees(location_and_shape(np.sort(first), np.sort(second)), errors)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 8), st.sampled_from([0.0, 0.14, 0.5]), SHARES)
def test_a_lower_end_is_above_nothing_where_the_p_value_says_so(
    seed: int, shift: float, open_share: float, errors: float
) -> None:
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.001, 0.2, 5)
    found = Evidence(
        estimates=np.abs(rng.normal(shift, 1, 5)) * spread,
        errors=spread,
        chance=np.abs(rng.normal(size=(500, 5))).max(axis=1),
        degrees=20.0,
        open_share=open_share,
    )
    assert agrees(found, errors)
    assert found.lower(errors) <= found.effect <= found.estimates.max()
    assert found.lower(errors) <= found.lower(2 * errors)


def test_a_deviation_that_no_draw_reaches_is_as_rare_as_bonferroni_says() -> None:
    found = Evidence(
        estimates=np.array([0.5, 0.01]), errors=np.array([0.05, 0.05]), chance=np.linspace(0, 3, 999), degrees=30.0
    )
    assert found.p_value == pytest.approx(4 * 2.2e-11, rel=0.05)  # two-sided t of 10 with 30 degrees, twice
    assert found.lower(0.05) == pytest.approx(0.5 - 0.05 * np.sort(found.chance)[-50])


@pytest.mark.parametrize("moved", [0.0, 0.3])
def test_the_lower_end_of_days_is_above_the_truth_in_so_many_samples_at_most(moved: float) -> None:
    rng = np.random.default_rng(3)
    shares = np.array([0.5, 0.3, 0.2])
    truth = np.array([0.5 - moved, 0.3 + moved, 0.2])
    above = [
        total_variation(_days(rng, 40, shares), _days(rng, 7, truth), independent=False).evidence.lower(0.05) > moved
        for _ in range(200)
    ]
    assert np.mean(above) <= 0.08


def _days(rng: np.random.Generator, days: int, shares: Floats) -> Floats:
    return np.stack([rng.multinomial(150, rng.dirichlet(25 * shares)) for _ in range(days)]).astype(np.float64)


@pytest.mark.parametrize("moved", [0.0, 0.25])
def test_the_lower_end_of_independent_rows_is_above_the_truth_in_so_many_samples_at_most(moved: float) -> None:
    rng = np.random.default_rng(4)
    above: list[bool] = []
    for _ in range(300):
        first = rng.multinomial(300, [0.5, 0.5])[None].astype(float)
        second = rng.multinomial(60, [0.5 - moved, 0.5 + moved])[None].astype(float)
        above.append(total_variation(first, second, independent=True).evidence.lower(0.05) > moved)
    assert np.mean(above) <= 0.08

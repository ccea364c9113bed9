"""The shift function beside NumPy's quantiles, and how often its band holds the truth."""

import numpy as np
import pytest

from core.statistics.quantile_shift import quantile_shift

AT = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
SIDES = 400


def test_quantiles_are_numpys() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.gamma(2, size=301), rng.normal(size=200)
    found = quantile_shift(first, second, (None, None), AT)
    assert found.first == tuple(np.quantile(first, AT, method="inverted_cdf"))
    assert found.second == tuple(np.quantile(second, AT, method="inverted_cdf"))


def test_the_same_numbers_moved_nowhere() -> None:
    values = np.arange(100.0)
    found = quantile_shift(values, values, (None, None), AT)
    assert found.first == found.second
    assert all(low <= 0 <= high for low, high in zip(found.lower, found.upper, strict=True))


@pytest.mark.parametrize("values", [[3.0], [3.0, 3.0, 3.0]])
def test_hardly_any_numbers_are_no_trouble(values: list[float]) -> None:
    found = quantile_shift(np.array(values), np.array([5.0]), (None, None), AT)
    assert found.second == (5.0,) * 5
    assert found.lower == found.upper == (2.0,) * 5


@pytest.mark.parametrize(("days", "spread"), [(0, 0.0), (14, 0.5), (30, 1.0)])
def test_the_band_holds_the_true_shift_nineteen_times_of_twenty(days: int, spread: float) -> None:
    """Second is first moved by 0.3; days move rows together where there are days."""
    rng, held = np.random.default_rng(7), np.zeros(AT.size)
    for _ in range(SIDES):
        sides = [_side(rng, days, spread) for _ in range(2)]
        found = quantile_shift(sides[0][0], sides[1][0] + 0.3, (sides[0][1], sides[1][1]), AT)
        held += (np.array(found.lower) <= 0.3) & (np.array(found.upper) >= 0.3)
    standard_error = np.sqrt(0.95 * 0.05 / SIDES)
    assert (held / SIDES > 0.95 - 4 * standard_error).all(), held / SIDES
    assert (held / SIDES < 0.999).all(), held / SIDES


def _side(rng: np.random.Generator, days: int, spread: float) -> tuple[np.ndarray, np.ndarray | None]:
    if not days:
        return rng.normal(size=300), None
    codes = np.repeat(np.arange(days), 40)
    return rng.normal(size=codes.size) + spread * rng.normal(size=days)[codes], codes

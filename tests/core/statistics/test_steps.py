"""Steps of a short series: false alarms are as rare as agreed, steps are found where they are, trends are none."""

import numpy as np
import pytest
from scipy.signal import lfilter

from core.statistics.steps import CARRIED, FEWEST, Steps, steps


def series(carried: float, count: int, length: int) -> np.ndarray:
    """Return series without a change, of unit variance, whose neighbours correlate by ``carried``."""
    noise = np.random.default_rng(length).standard_normal((count, length))
    noise[:, 0] /= np.sqrt(1 - carried**2)
    return lfilter([1.0], [1.0, -carried], noise, axis=1) * np.sqrt(1 - carried**2)


@pytest.mark.parametrize("length", [FEWEST, 26, 52])
@pytest.mark.parametrize("shape", [lambda x: x, np.exp], ids=["normal", "skewed"])
def test_five_of_a_hundred_series_without_a_change_alarm_where_weeks_are_tied_as_assumed_and_fewer_else(length, shape):
    found = {tied: [steps(shape(x)) for x in series(tied, 1000, length)] for tied in (0.0, CARRIED)}
    alarms = {tied: np.mean([bool(s.places) or s.gradual for s in all_of]) for tied, all_of in found.items()}
    assert 0.03 <= alarms[CARRIED] <= 0.07  # 0.05, three standard errors
    assert alarms[0.0] < 0.02


def test_a_step_is_found_where_it_is_however_the_values_are_scaled_and_whatever_one_week_does():
    right = 0
    for x in series(0.2, 40, 26):
        moved = x + 6.0 * (np.arange(26) >= 15)
        odd = moved.copy()
        odd[7] += 8.0
        found = [steps(values).places for values in (moved, odd)]
        right += all(len(places) == 1 and abs(places[0] - 15) <= 1 for places in found)
        assert steps(1e6 - 3.0 * moved) == steps(moved)
    assert right >= 32


def test_two_steps_up_and_down_past_where_it_began_are_two_steps():
    x = series(0.0, 1, 48)[0]
    x[24:40] += 8.0
    x[40:] -= 8.0
    assert steps(x).places == (24, 40)


@pytest.mark.parametrize("rise", [4.0, 8.0, 30.0])
def test_a_trend_is_never_a_forest_and_a_clear_one_is_called_gradual(rise):
    found = [steps(x + rise * np.linspace(0, 1, 52)) for x in series(0.2, 200, 52)]
    assert max(len(s.places) for s in found) <= 2
    assert np.mean([s.gradual for s in found]) > {4.0: 0.85, 8.0: 0.97, 30.0: 0.99}[rise]


def test_a_season_is_gradual():
    half_a_year = 10.0 * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 26))
    assert all(steps(x + half_a_year) == Steps(gradual=True) for x in series(0.2, 20, 26))


def test_nothing_is_said_of_few_weeks_or_of_a_level_that_never_moves():
    assert steps(np.array([0.0] * 5 + [9.0] * (FEWEST - 6))) == Steps()
    assert steps(np.zeros(30)) == Steps()

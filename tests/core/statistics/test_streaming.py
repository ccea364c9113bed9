"""Detectors of streams mark what they are made for; which way FHDDM looks is not what its library says."""

import numpy as np
import pytest
from river.drift import ADWIN

from core.statistics.streaming import alarms


def errors(before: float, after: float) -> np.ndarray:
    """Return 8,000 losses of 0 and 1 whose mean changes in the middle."""
    chance = np.repeat([before, after], 4000)
    return (np.random.default_rng(11).random(8000) < chance).astype(np.float64)


def test_a_rise_of_errors_is_marked_by_all_soon_after_it_and_a_fall_by_adwin_alone() -> None:
    worse, better = alarms(errors(0.1, 0.4)), alarms(errors(0.4, 0.1))
    assert set(worse) == {"ADWIN", "HDDM-A", "FHDDM"}
    for name, places in worse.items():
        assert 4000 < places[0] < 4300, name
    assert 4000 < better["ADWIN"][0] < 4300
    # of a fall at 4,000 neither of those that look for worse may say anything
    assert not any(4000 <= place < 4300 for name in ("HDDM-A", "FHDDM") for place in better[name])


def test_a_loss_that_is_no_error_is_for_adwin_alone() -> None:
    loss = np.clip(np.random.default_rng(2).normal(np.repeat([0.2, 0.35], 2000), 0.1), 0.0, 1.0)
    found = alarms(loss)
    assert set(found) == {"ADWIN"}
    detector, places = ADWIN(), []
    for place, value in enumerate(loss):
        detector.update(value)
        if detector.drift_detected:
            places.append(place)
    assert list(found["ADWIN"]) == places
    assert any(2000 < place < 2200 for place in places)


@pytest.mark.parametrize("loss", [np.zeros(2000), np.ones(2000), np.array([])])
def test_a_loss_that_never_changes_is_never_marked(loss: np.ndarray) -> None:
    assert not any(alarms(loss).values())

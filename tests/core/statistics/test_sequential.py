"""The alarm keeps its budget however often somebody looks, and sees a small shift soon."""

from datetime import timedelta

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from core.errors import InvalidInput
from core.statistics.blocks import Floats
from core.statistics.sequential import Budget, Watch, beside_one_reference, budget_in_words, e_values, refused

WEEK = timedelta(days=7)
NAMES = tuple(f"x{i}" for i in range(20))
ONE_IN_TWENTY_YEARS = budget_in_words("one false alarm in twenty years", window=WEEK)
N_REFERENCE, N_WINDOW = 5_000, 500


def year(rng: np.random.Generator, shift: float = 0.0, *, n_reference: int = N_REFERENCE) -> Floats:
    """Return p-values of the means of 52 windows against one reference: windows x columns, the first two shifted."""
    reference = rng.normal(0, n_reference**-0.5, len(NAMES))
    windows = rng.normal(0, N_WINDOW**-0.5, (52, len(NAMES))) + shift * (np.arange(len(NAMES)) < 2)
    return 2 * norm.sf(np.abs(windows - reference) / np.sqrt(1 / N_WINDOW + 1 / n_reference))


def first_alarm(budget: Budget, p_values: Floats) -> tuple[int, tuple[str, ...]]:
    watch = Watch(budget=budget, columns=NAMES)
    for week, line in enumerate(p_values, start=1):
        watch = watch.after(dict(zip(NAMES, line.tolist(), strict=True)), reference=N_REFERENCE, window=N_WINDOW)
        if watch.alarms:
            return week, watch.alarms
    return 0, ()


def test_a_year_without_drift_has_a_false_alarm_one_time_in_twenty_at_most() -> None:
    rng = np.random.default_rng(1)
    assert ONE_IN_TWENTY_YEARS.chance_within(52) == pytest.approx(0.05, rel=0.01)
    alarms = sum(first_alarm(ONE_IN_TWENTY_YEARS, year(rng))[0] > 0 for _ in range(300))
    assert alarms / 300 <= 0.05
    every_week = np.mean([(year(rng) < 0.05).any() for _ in range(50)])
    assert every_week == 1.0  # what looking at p-values does


def test_the_first_false_alarm_comes_no_sooner_than_the_budget_says() -> None:
    """With as much evidence as chance can give: exact p-values of one column, and a tight budget."""
    rng = np.random.default_rng(2)
    budget, waited = Budget(windows=20), []
    for _ in range(200):
        watch, weeks = Watch(budget=budget, columns=("x",)), 0
        while not watch.alarms and weeks < 2_000:
            watch, weeks = watch.after({"x": rng.random()}, reference=1_000, window=1), weeks + 1
        waited.append(weeks)
    assert np.mean(waited) >= 20


def test_alarms_that_are_begun_anew_come_no_more_often_than_the_budget_says() -> None:
    """With exact p-values of three columns, each begun anew in the window of its alarm, over 200 windows."""
    rng, columns, horizon = np.random.default_rng(5), ("a", "b", "c"), 200
    alarms = []
    for _ in range(30):
        watch, seen = Watch(budget=Budget(windows=2), columns=columns), 0
        for p_values in rng.random((horizon, 3)).tolist():
            watch = watch.after(dict(zip(columns, p_values, strict=True)), reference=10**8, window=1)
            seen += len(watch.alarms)
            watch = watch.begun_anew(watch.alarms)
        alarms.append(seen)
    assert 0 < np.mean(alarms) <= horizon / 2


def test_a_small_shift_is_found_within_three_weeks() -> None:
    rng = np.random.default_rng(3)
    found = [first_alarm(ONE_IN_TWENTY_YEARS, year(rng, 0.15)) for _ in range(100)]
    assert all(week and set(names) <= {"x0", "x1"} for week, names in found)
    assert np.mean([week for week, _ in found]) <= 3


def test_a_reference_of_too_few_days_is_refused() -> None:
    watch = Watch(budget=ONE_IN_TWENTY_YEARS, columns=NAMES)
    with pytest.raises(InvalidInput, match=r"needs 14 of them"):
        watch.after({}, reference=10, window=7)
    assert "needs 500 of them" in refused(reference=400, window=500)
    assert not refused(reference=59, window=7)


@pytest.mark.parametrize("times", [1, 59 / 7])
def test_what_a_short_reference_repeats_in_every_window_is_allowed_for(times: float) -> None:
    """Exact p-values, which leave nothing to spare: the first false alarm comes later than in two years, often."""
    rng, references = np.random.default_rng(4), 60
    of_reference = rng.normal(0, times**-0.5, (references, 1, len(NAMES)))
    z = np.abs(rng.normal(size=(references, 104, len(NAMES))) - of_reference) / (1 + 1 / times) ** 0.5
    threshold = Watch(budget=budget_in_words("one false alarm in two years", window=WEEK), columns=NAMES).threshold

    def alarmed(p_values: Floats) -> float:
        evidence, reached = np.zeros((references, len(NAMES))), np.zeros(references, dtype=np.bool_)
        for week in range(104):
            evidence = (evidence + 1) * e_values(p_values[:, week])
            reached |= (evidence >= threshold).any(axis=1)
        return float(reached.mean())

    p_values = 2 * norm.sf(z)
    allowed = np.array(
        [
            [beside_one_reference(week, reference=times * N_WINDOW, window=N_WINDOW) for week in years]
            for years in p_values
        ]
    )
    assert (allowed >= p_values * (1 - 1e-9)).all()
    assert alarmed(allowed) <= 0.35
    assert times > 1 or alarmed(p_values) > 0.8  # and rightly so


def test_the_bet_wins_one_on_average_and_less_than_one_for_larger_p_values() -> None:
    def weighted(log: float) -> float:
        return float(e_values(np.array([np.exp(-log)]))[0]) * np.exp(-log)

    parts = [quad(weighted, low, high)[0] for low, high in ((0, 1), (1, 50), (50, 690))]
    assert sum(parts) + 1 / 690 == pytest.approx(1, abs=1e-3)  # 1 / 690: what lies beyond the smallest number
    series = e_values(np.array([1 - 1.01e-4, 1 - 0.99e-4]))
    assert series[0] == pytest.approx(series[1], abs=1e-6)
    assert np.isnan(e_values(np.array([0.5, np.nan, 0.0, 1.0]))).sum() == 0


def test_a_column_that_was_not_compared_is_kept_and_one_begun_anew_starts_from_nothing() -> None:
    watch = Watch(budget=Budget(windows=52), columns=("a", "b"))
    watch = watch.after({"a": 1e-9}, reference=1_000, window=1)
    assert watch.alarms == ("a",)
    assert watch.evidence["b"] == 1.0
    assert watch.begun_anew(["a"]).alarms == ()


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("one false alarm in two years", 2 * 365.25 / 7),
        ("A false alarm every month", 365.25 / 12 / 7),
        ("1 false alarm in 30 weeks", 30),
    ],
)
def test_a_budget_is_said_in_words(words: str, windows: float) -> None:
    assert budget_in_words(words, window=WEEK).windows == pytest.approx(windows)


@pytest.mark.parametrize("words", ["", "never", "one false alarm in some years", "one false alarm in 2 days"])
def test_words_that_are_no_budget_are_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        budget_in_words(words, window=WEEK)

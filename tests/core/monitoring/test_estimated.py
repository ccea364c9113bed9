"""Estimates without labels: the formulas, the promise of their bands, and what weights are for."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.monitoring.estimated.cbpe import Scored, Turned, expected_metric
from core.monitoring.estimated.dle import Inputs, Missed, expected_mae, expected_rmse
from core.monitoring.estimated.expected import EXPECTED, masses_of
from core.monitoring.estimated.overlap import LEAST_EFFECTIVE, MOST_AUC, Overlap, overlap
from core.statistics.estimate import Estimate

Floats = NDArray[np.float64]


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _by_hand(p: Floats, s: Floats, yes: NDArray[np.bool_]) -> dict[str, float]:
    tp, fp, fn, tn = p[yes].sum(), (1 - p[yes]).sum(), p[~yes].sum(), (1 - p[~yes]).sum()
    order = np.argsort(s)[::-1]
    t, f = np.r_[0, np.cumsum(p[order])], np.r_[0, np.cumsum(1 - p[order])]
    return {
        "accuracy": (tp + tn) / len(p),
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "f1": tp / (tp + 0.5 * (fp + fn)),
        "roc_auc": np.trapezoid(t / t[-1], f / f[-1]),
        "share_gap": s.mean() - p.mean(),
        "correct_share": p.mean(),
    }


def test_every_expected_metric_is_its_formula() -> None:
    rng = np.random.default_rng(0)
    p, s = rng.random(400), rng.random(400)
    found = {name: float(formula(masses_of(p, s, s > 0.4))) for name, formula in EXPECTED.items()}
    assert found == pytest.approx(_by_hand(p, s, s > 0.4), abs=1e-12)


def test_what_surely_happens_is_what_is_measured() -> None:
    rng = np.random.default_rng(1)
    s = rng.random(300)
    y = rng.random(300) < s
    exact = masses_of(y.astype(float), s, s > 0.5)
    assert float(EXPECTED["recall"](exact)) == pytest.approx((y & (s > 0.5)).sum() / y.sum())


def _world(
    seed: int, *, days: int, shift: float, day_effect: float, rows: int = 120
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.intp]]:
    """Return scores that promise too much, what happened, and the day: a bad day is bad for all of its rows."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), rows)
    x = rng.normal(shift, 1, days * rows)
    happened = rng.random(days * rows) < _sigmoid(-1 + 1.2 * x + rng.normal(0, day_effect, days)[day])
    return _sigmoid(-0.5 + 0.9 * x), happened, day


@pytest.mark.parametrize("day_effect", [0.0, 0.5])
@pytest.mark.parametrize("metric", ["recall", "roc_auc", "f1"])
def test_a_band_holds_what_the_labels_show_later(metric: str, day_effect: float) -> None:
    held = 0
    for seed in range(60):
        s, y, day = _world(seed, days=30, shift=0.0, day_effect=day_effect)
        later, turned, later_day = _world(1_000 + seed, days=10, shift=0.7, day_effect=day_effect)
        found = expected_metric(
            metric, Turned(scores=s, positive=y, blocks=day), Scored(scores=later, blocks=later_day)
        )
        assert found is not None
        assert found.interval is not None
        assert (found.n, found.n_blocks) == (1_200, 10)
        realised = float(EXPECTED[metric](masses_of(turned.astype(float), later, later > 0.5)))
        held += found.interval.contains(realised)
    assert 54 <= held <= 60


def test_days_that_differ_widen_a_band() -> None:
    widths = []
    for day_effect in (0.0, 0.8):
        s, y, day = _world(5, days=30, shift=0.0, day_effect=day_effect)
        found = expected_metric("share_gap", Turned(scores=s, positive=y, blocks=day), Scored(scores=s, blocks=day))
        assert found is not None
        assert found.interval is not None
        widths.append(found.interval.upper - found.interval.lower)
    assert widths[1] > 1.3 * widths[0]


def test_a_band_of_few_and_rare_outcomes_lies_about_its_estimate() -> None:
    rng = np.random.default_rng(11)
    s = _sigmoid(rng.normal(-4, 1, 6_000))
    y = rng.random(6_000) < s
    window = Scored(scores=s[:1_000], blocks=np.arange(1_000))
    found = expected_metric("correct_share", Turned(scores=s, positive=y, blocks=np.arange(6_000)), window)
    assert found is not None
    assert found.interval is not None
    lower, upper = found.value - found.interval.lower, found.interval.upper - found.value
    assert upper == pytest.approx(lower, rel=0.25)


def test_a_model_that_never_says_yes_has_no_precision_to_estimate() -> None:
    s, y, day = _world(6, days=10, shift=0.0, day_effect=0.0)
    assert (
        expected_metric("precision", Turned(scores=s, positive=y, blocks=day), Scored(scores=s, blocks=day), cut=2)
        is None
    )


def test_weights_follow_a_calibration_that_depends_on_what_the_model_does_not_read() -> None:
    rng = np.random.default_rng(7)

    def drawn(n: int, share: float) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        hidden, x = (rng.random(n) < share).astype(float), rng.normal(0, 1, n)
        return np.column_stack([x, hidden]), _sigmoid(x), rng.random(n) < _sigmoid(x - 2 * hidden)

    (known, s, y), (window, later, turned) = drawn(6_000, 0.2), drawn(4_000, 0.7)
    days, later_days = np.arange(6_000) % 30, np.arange(4_000) % 14
    found = overlap(known, window, days, later_days)
    assert found.refusal == ""
    realised = float(EXPECTED["precision"](masses_of(turned.astype(float), later, later > 0.5)))
    cbpe, pape = (
        expected_metric(
            "precision", Turned(scores=s, positive=y, blocks=days, weights=w), Scored(scores=later, blocks=later_days)
        )
        for w in (None, found.weights)
    )
    assert cbpe is not None
    assert pape is not None
    assert abs(cbpe.value - realised) > 0.1
    assert abs(pape.value - realised) < 0.03
    assert found.weights.mean() == pytest.approx(1)


def test_sides_that_are_alike_weigh_about_one() -> None:
    rng = np.random.default_rng(8)
    found = overlap(
        rng.normal(size=(3_000, 3)), rng.normal(size=(2_000, 3)), np.arange(3_000) % 30, np.arange(2_000) % 14
    )
    assert found.auc == pytest.approx(0.5, abs=0.04)
    assert found.n_effective > 2_700


def test_without_overlap_the_reason_is_given() -> None:
    rng = np.random.default_rng(9)
    apart = overlap(rng.normal(0, 1, (800, 2)), rng.normal(9, 1, (800, 2)), np.arange(800) % 9, np.arange(800) % 9)
    assert apart.auc > MOST_AUC
    assert "no like in the hold-out" in apart.refusal
    few = Overlap(auc=0.9, weights=np.r_[np.full(30, 100.0), np.full(970, 0.01)])
    assert few.n_effective < LEAST_EFFECTIVE * 1_000
    assert few.refusal.startswith("only 30 of 1,000 hold-out rows are like the window's")


def test_an_expected_error_holds_what_the_labels_show_later() -> None:
    # over hundreds of windows: tests/benchmarks/estimated_errors.py
    held = {"mae": 0, "rmse": 0}
    for seed in range(8):
        x, misses, day = _misses(seed, days=20, shift=0.0)
        later, later_misses, later_day = _misses(1_000 + seed, days=10, shift=0.6)
        known = Missed(values=x, misses=misses, blocks=day, weights=overlap(x, later, day, later_day).weights)
        window = Inputs(values=later, blocks=later_day)
        held["mae"] += _holds(expected_mae(known, window), float(np.abs(later_misses).mean()))
        held["rmse"] += _holds(expected_rmse(known, window), float(np.sqrt((later_misses**2).mean())))
    assert held["mae"] >= 7
    assert held["rmse"] >= 7


def _holds(found: Estimate, realised: float) -> bool:
    assert found.interval is not None
    return found.interval.contains(realised)


def test_a_second_model_that_hangs_on_its_folds_widens_a_weighted_band() -> None:
    x, misses, day = _misses(2, days=10, shift=0.0)
    later, _, later_day = _misses(5, days=10, shift=0.6)
    window = Inputs(values=later, blocks=later_day)
    alike, weighted = (
        expected_mae(Missed(values=x, misses=misses, blocks=day, weights=weights), window)
        for weights in (None, np.ones(len(x)))
    )
    assert alike.interval is not None
    assert weighted.interval is not None
    assert weighted.value == pytest.approx(alike.value, rel=1e-12)
    assert weighted.interval.upper - weighted.interval.lower > 1.1 * (alike.interval.upper - alike.interval.lower)


def _misses(seed: int, *, days: int, shift: float) -> tuple[Floats, Floats, NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), 100)
    x = rng.normal(shift, 1, (days * 100, 2))
    worse = np.exp(rng.normal(0, 0.2, days))[day]
    return x, rng.normal(0, worse * np.exp(0.4 * x[:, 0])), day


def test_errors_grow_where_rows_are_harder() -> None:
    x, misses, day = _misses(3, days=30, shift=0.0)
    harder, _, later_day = _misses(4, days=10, shift=0.8)
    known = Missed(values=x, misses=misses, blocks=day)
    same, worse = (expected_mae(known, Inputs(values=v, blocks=d)) for v, d in ((x, day), (harder, later_day)))
    assert same.value == pytest.approx(np.abs(misses).mean(), rel=0.03)
    assert worse.value > 1.2 * same.value

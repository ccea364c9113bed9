from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from core.errors import InvalidInput
from core.metrics import METRICS, Outcomes, measure
from core.metrics.estimation import estimate_difference

DAYS = 31


def binary(n: int = 2000, *, seed: int = 0, days: int = DAYS) -> Outcomes:
    rng = np.random.default_rng(seed)
    day = rng.integers(0, days, n)
    score = rng.random(n)
    label = rng.random(n) < 1 / (1 + np.exp(2 - 3 * score - rng.normal(0, 0.7, days)[day]))
    return Outcomes(
        blocks=np.array([f"2013-03-{d + 1:02d}" for d in day], dtype=object),
        label=label.astype(float),
        score=score,
        latency_ms=rng.exponential(5, n),
        outside={"temp": score > 0.9, "wind": score > 0.99},
        failed=rng.random(n) < 0.01,
    )


def classes(n: int = 900, *, seed: int = 0) -> Outcomes:
    rng = np.random.default_rng(seed)
    label = rng.choice(["cat", "dog", "eel"], n, p=[0.6, 0.35, 0.05]).astype(object)
    predicted = np.where(rng.random(n) < 0.7, label, "cat")
    return Outcomes(blocks=rng.integers(0, 20, n), label=label, score=rng.random(n), predicted=predicted)


def numbers(n: int = 900, *, seed: int = 0) -> Outcomes:
    rng = np.random.default_rng(seed)
    label = rng.normal(100, 20, n)
    return Outcomes(blocks=rng.integers(0, 20, n), label=label, score=label + rng.normal(1, 5, n))


def outcomes_for(name: str) -> Outcomes:
    kinds = METRICS[name].task_kinds
    rows = binary() if "binary" in kinds else classes() if "multiclass" in kinds else numbers()
    groups = np.random.default_rng(3).choice(["a", "b", "c"], len(rows.blocks))
    return replace(rows, columns=pl.DataFrame({"group": groups}))


def constants_for(name: str) -> dict[str, Any]:
    return {"by": "group"} if "by" in METRICS[name].parameters else {}


def test_values_are_those_of_sklearn() -> None:
    rows = binary()
    label, score = np.asarray(rows.label), np.asarray(rows.score).round(2).clip(0.01, 0.99)
    said = score > 0.3
    rows = replace(rows, score=score)
    top = np.sort(score)[-200]
    expected = {
        "recall": sk.recall_score(label, said),
        "precision": sk.precision_score(label, said),
        "f1": sk.f1_score(label, said),
        "specificity": sk.recall_score(label, said, pos_label=0),
        "accuracy": sk.accuracy_score(label, said),
        "balanced_accuracy": sk.balanced_accuracy_score(label, said),
        "matthews": sk.matthews_corrcoef(label, said),
        "roc_auc": sk.roc_auc_score(label, score),
        "average_precision": sk.average_precision_score(label, score),
        "brier": sk.brier_score_loss(label, score),
        "log_loss": sk.log_loss(label, score),
    }
    found = {n: measure(n, {"cut": 0.3} if "cut" in METRICS[n].parameters else {}, rows) for n in expected}
    assert {n: e.value for n, e in found.items() if e} == pytest.approx(expected, abs=1e-9)
    # of the rows that share the score at the edge of the top tenth, as many are taken as there is room for
    above, edge = label[score > top], label[score == top]
    hits = above.sum() + edge.mean() * (200 - above.size)
    ranked = {"precision_at_top": hits / 200, "recall_at_top": hits / label.sum(), "lift": hits / 200 / label.mean()}
    assert {n: e.value for n in ranked if (e := measure(n, {"top": 0.1}, rows))} == pytest.approx(ranked, abs=1e-12)


def test_values_of_classes_and_numbers_are_those_of_sklearn() -> None:
    several, regression = classes(), numbers()
    label, score = np.asarray(regression.label), np.asarray(regression.score)
    expected = {
        "macro_recall": sk.balanced_accuracy_score(several.label, several.predicted),
        "macro_f1": sk.f1_score(several.label, several.predicted, average="macro"),
        "mae": sk.mean_absolute_error(label, score),
        "median_absolute_error": sk.median_absolute_error(label, score),
        "rmse": sk.root_mean_squared_error(label, score),
        "r_squared": sk.r2_score(label, score),
        "wape": np.abs(label - score).sum() / label.sum(),
    }
    found = {n: measure(n, {}, outcomes_for(n)) for n in expected}
    assert {n: e.value for n, e in found.items() if e} == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_repeats_holds_its_value_and_does_not_care_for_row_order(name: str) -> None:
    rows = outcomes_for(name)
    constants = constants_for(name)
    first, again = measure(name, constants, rows), measure(name, constants, rows)
    assert first is not None
    assert first == again
    if first.interval:
        assert first.interval.contains(first.value)
    order = np.random.default_rng(1).permutation(len(rows.blocks))
    shuffled = Outcomes(
        blocks=rows.blocks[order],
        columns=rows.columns[order.tolist()] if rows.columns is not None else None,
        outside=rows.outside and {k: v[order] for k, v in rows.outside.items()},
        **{
            k: None if (v := getattr(rows, k)) is None else v[order]
            for k in ("label", "score", "predicted", "latency_ms", "failed")
        },
    )
    other = measure(name, constants, shuffled)
    assert other is not None
    assert other.value == pytest.approx(first.value, abs=1e-12)
    if first.interval and other.interval:
        assert other.interval.lower == pytest.approx(first.interval.lower, abs=1e-9)
        assert other.interval.upper == pytest.approx(first.interval.upper, abs=1e-9)


@pytest.mark.parametrize("name", list(METRICS))
def test_nothing_to_measure_on_is_none(name: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("label", "score", "latency_ms", "failed"), np.array([]))
    empty = Outcomes(blocks=np.array([], dtype=object), predicted=np.array([], dtype=object), outside={}, **nothing)
    empty = replace(empty, columns=pl.DataFrame({"group": []}, schema={"group": pl.String}))
    assert measure(name, constants_for(name), empty) is None


@pytest.mark.parametrize("name", list(METRICS))
def test_a_metric_whose_column_is_absent_says_so(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"needs"):
        measure(name, constants_for(name), Outcomes(blocks=np.arange(3)))


def test_without_positives_there_is_no_recall_but_a_gap() -> None:
    rows = replace(binary(), label=np.zeros(2000))
    assert measure("recall", {}, rows) is None
    assert measure("roc_auc", {}, rows) is None
    gap = measure("share_gap", {}, rows)
    assert gap is not None
    assert gap.value > 0.4


def test_rows_without_a_label_are_left_out() -> None:
    rows = binary()
    assert rows.label is not None
    label = rows.label.copy()
    label[::2] = np.nan
    found = measure("recall", {"cut": 0.3}, replace(rows, label=label))
    assert found is not None
    assert found.n == 1000
    several = classes()
    assert several.label is not None
    several.label[:100] = None
    share = measure("correct_share", {}, several)
    assert share is not None
    assert share.n == 800


def test_unknown_metrics_and_parameters_are_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="recall, precision"):
        measure("kappa", {}, binary())
    with pytest.raises(InvalidInput, match="cut"):
        measure("recall", {"threshold": 0.3}, binary())
    with pytest.raises(InvalidInput, match="finite"):
        measure("recall", {"cut": float("nan")}, binary())
    with pytest.raises(InvalidInput, match="classes"):
        measure("mae", {}, classes())
    with pytest.raises(InvalidInput, match="0 and 1"):
        measure("recall", {}, numbers())
    with pytest.raises(InvalidInput, match="one value a row"):
        Outcomes(blocks=np.arange(3), score=np.arange(2.0))


def test_few_blocks_give_no_interval() -> None:
    found = measure("recall", {"cut": 0.3}, binary(days=4))
    assert found is not None
    assert found.interval is None
    assert found.n_blocks == 4


def test_three_hits_of_three_are_not_certain() -> None:
    rows = Outcomes(blocks=np.arange(8), label=np.r_[np.ones(8)], score=np.ones(8))
    found = measure("recall", {}, rows)
    assert found is not None
    assert found.interval is not None
    assert found.interval.lower < 0.7


def test_a_perfect_ranking_of_few_rows_is_not_certain() -> None:
    label = np.r_[np.ones(8), np.zeros(8)]
    found = measure("roc_auc", {}, Outcomes(blocks=np.arange(16), label=label, score=label))
    assert found is not None
    assert found.value == 1
    assert found.interval is not None
    assert found.interval.lower < 0.7


def test_the_count_of_a_whole_has_no_interval_and_no_blocks() -> None:
    rows = binary()
    found = measure("out_of_range", {}, rows)
    assert found is not None
    assert rows.outside is not None
    assert found.value == pytest.approx(rows.outside["temp"].mean())
    assert found.interval is None
    assert found.n_blocks == 0


def test_failed_requests_are_counted_whole() -> None:
    failed = np.arange(1000) < 7
    found = measure("failed_requests", {}, Outcomes(blocks=failed, failed=failed))
    assert found is not None
    assert (found.value, found.n, found.interval, found.n_blocks) == (0.007, 1000, None, 0)


def test_latency_is_that_of_answers() -> None:
    latency = np.full(100, 4.0)
    latency[:3] = np.nan
    rows = Outcomes(blocks=np.arange(100) // 10, latency_ms=latency)
    p95 = measure("latency_p95", {}, rows)
    assert p95 is not None
    assert (p95.value, p95.n) == (4.0, 97)


@pytest.mark.parametrize(("days", "most"), [(5, 0.16), (14, 0.13), (31, 0.11)])
def test_intervals_over_days_miss_seldom_where_rows_of_a_day_are_alike(days: int, most: float) -> None:
    # nominal 5 %; row-wise intervals of the same data miss more than half of the time
    rng = np.random.default_rng(7)
    missed = 0
    for _ in range(300):
        sizes, found = rng.poisson(150, days), rng.beta(1.5, 2.5, days)
        hits = rng.binomial(sizes, found)
        score = np.concatenate([np.repeat([1.0, 0.0], [h, n - h]) for h, n in zip(hits, sizes, strict=True)])
        rows = Outcomes(blocks=np.repeat(np.arange(days), sizes), label=np.ones(score.size), score=score)
        estimate = measure("recall", {}, rows)
        assert estimate is not None
        assert estimate.interval is not None
        missed += not estimate.interval.contains(1.5 / 4)
    assert missed / 300 < most


def _world(rng: np.random.Generator, days: int, a_day: int) -> Outcomes:
    """Return days that differ: in their share of positives, and in how far scores lie from what happens."""
    day = np.repeat(np.arange(days), a_day)
    score = rng.beta(2, 4, day.size)
    moved = np.clip(score + rng.normal(0, 0.08, days)[day], 0.001, 0.999)
    return Outcomes(blocks=day, label=(rng.random(day.size) < moved).astype(float), score=score)


@pytest.mark.parametrize(
    "name",
    ["f1", "balanced_accuracy", "matthews", "average_precision", "lift", "brier", "calibration_error"],
)
def test_intervals_of_what_days_make_hold_what_the_world_has(name: str) -> None:
    """Nominal 5 %; of 120 worlds of 21 days chance lets at most 12 be missed."""
    rng = np.random.default_rng(11)
    truth = measure(name, {}, _world(rng, 4000, 100))
    assert truth is not None
    missed = 0
    for _ in range(120):
        found = measure(name, {}, _world(rng, 21, 100))
        assert found is not None
        assert found.interval is not None
        missed += not found.interval.contains(truth.value)
    assert missed <= 12


def test_chance_adds_nothing_to_the_calibration_error_of_an_honest_model() -> None:
    rng = np.random.default_rng(5)
    found = [measure("calibration_error", {}, _world(rng, 21, 100)) for _ in range(60)]
    # the plain root mean square over the same groups is 0.05
    assert np.mean([e.value**2 for e in found if e]) ** 0.5 < 0.025
    assert sum(e.interval.lower == 0 for e in found if e and e.interval) >= 55


def _groups(rng: np.random.Generator, days: int, apart: float) -> Outcomes:
    rows, group = _world(rng, days, 100), rng.choice(list("abcd"), days * 100)
    score = np.clip(np.asarray(rows.score) - apart * (group == "a"), 0, 1)
    return replace(rows, score=score, columns=pl.DataFrame({"group": group}))


@pytest.mark.parametrize("name", ["selection_gap", "recall_gap", "error_rate_gap"])
def test_groups_that_are_treated_alike_are_seldom_told_apart(name: str) -> None:
    """The largest of six differences; taken by itself its interval would leave out zero in one world of five."""
    rng = np.random.default_rng(4)
    found = [measure(name, {"by": "group", "cut": 0.3}, _groups(rng, 21, 0)) for _ in range(40)]
    assert sum(e.interval.lower > 0 for e in found if e and e.interval) <= 5
    apart = measure(name, {"by": "group", "cut": 0.3}, _groups(rng, 21, 0.3))
    assert apart is not None
    assert apart.interval is not None
    assert apart.interval.lower > 0.2


def test_a_gap_is_that_of_the_groups_and_small_ones_do_not_count() -> None:
    rows = _groups(np.random.default_rng(9), 10, 0.2)
    label, score = np.asarray(rows.label), np.asarray(rows.score)
    group = np.array([*["few"] * 29, *["a"] * 471, *["b"] * 500])
    rows = replace(rows, columns=pl.DataFrame({"group": group}))
    said = score > 0.3
    rates = [said[group == name].mean() for name in "ab"]
    hits = [said[(group == name) & (label == 1)].mean() for name in "ab"]
    false = [said[(group == name) & (label == 0)].mean() for name in "ab"]
    expected = {
        "selection_gap": abs(rates[0] - rates[1]),
        "recall_gap": abs(hits[0] - hits[1]),
        "error_rate_gap": max(abs(hits[0] - hits[1]), abs(false[0] - false[1])),
        "worst_recall": min(hits),
    }
    found = {name: measure(name, {"by": "group", "cut": 0.3}, rows) for name in expected}
    assert {name: e.value for name, e in found.items() if e} == pytest.approx(expected)
    with pytest.raises(InvalidInput, match="Choose one"):
        measure("recall_gap", {}, rows)
    with pytest.raises(InvalidInput, match="'sex'"):
        measure("recall_gap", {"by": "sex"}, rows)


def test_a_difference_is_paired() -> None:
    left = binary(6000)
    assert left.score is not None
    right = replace(left, score=left.score + np.random.default_rng(2).normal(0, 0.3, 6000))
    found = estimate_difference(METRICS["roc_auc"], left, right, parameters={})
    alone = measure("roc_auc", {}, left)
    assert found is not None
    assert found.interval is not None
    assert alone is not None
    assert alone.interval is not None
    assert found.interval.upper < 0
    assert found.interval.upper - found.interval.lower < alone.interval.upper - alone.interval.lower


def test_a_model_does_not_differ_from_itself() -> None:
    found = estimate_difference(METRICS["recall"], binary(), binary(), parameters={"cut": 0.3})
    assert found is not None
    assert found.interval is not None
    assert (found.value, found.interval.lower, found.interval.upper) == (0, 0, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1), st.integers(1, 60))
def test_shares_and_their_intervals_stay_shares(seed: int, cut: float, days: int) -> None:
    for name in (n for n, m in METRICS.items() if m.unit in ("share", "auc") and "binary" in m.task_kinds):
        constants = constants_for(name) | ({"cut": cut} if "cut" in METRICS[name].parameters else {})
        rows = replace(binary(80, seed=seed, days=days), columns=pl.DataFrame({"group": ["a", "b"] * 40}))
        found = measure(name, constants, rows)
        if found and found.interval:
            assert 0 <= found.interval.lower <= found.value <= found.interval.upper <= 1

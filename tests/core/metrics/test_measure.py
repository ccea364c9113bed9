from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, precision_score, recall_score, roc_auc_score

from core.errors import InvalidInput
from core.metrics import METRICS, Outcomes, difference, measure

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
    return binary() if "binary" in kinds else classes() if "multiclass" in kinds else numbers()


def test_values_are_those_of_sklearn() -> None:
    rows = binary()
    assert rows.label is not None
    assert rows.score is not None
    found = {
        n: measure(n, p, rows) for n, p in [("recall", {"cut": 0.3}), ("precision", {"cut": 0.3}), ("roc_auc", {})]
    }
    expected = {
        "recall": recall_score(rows.label, rows.score > 0.3),
        "precision": precision_score(rows.label, rows.score > 0.3),
        "roc_auc": roc_auc_score(rows.label, rows.score),
    }
    assert {n: e.value for n, e in found.items() if e} == pytest.approx(expected, abs=1e-12)
    regression = numbers()
    mae = measure("mae", {}, regression)
    assert mae is not None
    assert mae.value == pytest.approx(mean_absolute_error(regression.label, regression.score))  # pyright: ignore


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_repeats_holds_its_value_and_does_not_care_for_row_order(name: str) -> None:
    rows = outcomes_for(name)
    first, again = measure(name, {}, rows), measure(name, {}, rows)
    assert first is not None
    assert first == again
    if first.interval:
        assert first.interval.contains(first.value)
    order = np.random.default_rng(1).permutation(len(rows.blocks))
    shuffled = Outcomes(
        blocks=rows.blocks[order],
        outside=rows.outside and {k: v[order] for k, v in rows.outside.items()},
        **{
            k: None if (v := getattr(rows, k)) is None else v[order]
            for k in ("label", "score", "predicted", "latency_ms")
        },
    )
    other = measure(name, {}, shuffled)
    assert other is not None
    assert other.value == pytest.approx(first.value, abs=1e-12)
    if first.interval and other.interval:
        assert other.interval.lower == pytest.approx(first.interval.lower, abs=1e-9)
        assert other.interval.upper == pytest.approx(first.interval.upper, abs=1e-9)


@pytest.mark.parametrize("name", list(METRICS))
def test_nothing_to_measure_on_is_none(name: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("label", "score", "latency_ms"), np.array([]))
    empty = Outcomes(blocks=np.array([], dtype=object), predicted=np.array([], dtype=object), outside={}, **nothing)
    assert measure(name, {}, empty) is None


@pytest.mark.parametrize("name", list(METRICS))
def test_a_metric_whose_column_is_absent_says_so(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"needs"):
        measure(name, {}, Outcomes(blocks=np.arange(3)))


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
        measure("accuracy", {}, binary())
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


def test_a_difference_is_paired() -> None:
    left = binary(6000)
    assert left.score is not None
    right = replace(left, score=left.score + np.random.default_rng(2).normal(0, 0.3, 6000))
    found = difference("roc_auc", {}, left, right)
    alone = measure("roc_auc", {}, left)
    assert found is not None
    assert found.interval is not None
    assert alone is not None
    assert alone.interval is not None
    assert found.interval.upper < 0
    assert found.interval.upper - found.interval.lower < alone.interval.upper - alone.interval.lower


def test_a_model_does_not_differ_from_itself() -> None:
    found = difference("recall", {"cut": 0.3}, binary(), binary())
    assert found is not None
    assert found.interval is not None
    assert (found.value, found.interval.lower, found.interval.upper) == (0, 0, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1), st.integers(1, 60))
def test_shares_and_their_intervals_stay_shares(seed: int, cut: float, days: int) -> None:
    for name in ("recall", "precision", "roc_auc"):
        found = measure(name, {} if name == "roc_auc" else {"cut": cut}, binary(80, seed=seed, days=days))
        if found and found.interval:
            assert 0 <= found.interval.lower <= found.value <= found.interval.upper <= 1

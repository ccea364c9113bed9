"""Why a metric changed: parts add up, and each holds nothing where nothing of its sort happened.

Simulated once, 100 worlds a line: 31 days beside 14, days that differ by 0.5 in log-odds. How often an interval held 0:

| what happened | metric | inputs | class shares | remainder |
|---|---|---|---|---|
| other inputs | recall | 0.09 | | 0.95 |
| other inputs | share_gap | 0.97 | 0.93 | 0.93 |
| nothing | recall | 0.99 | | 0.95 |
| nothing | share_gap | 0.97 | 0.95 | 0.95 |
| outcomes rarer everywhere | recall | 0.99 | | 0.33 |
| outcomes rarer everywhere | share_gap | 0.97 | 0.02 | 0.02 |
| other inputs | roc_auc | 0.98 | | 0.95 |
| nothing | roc_auc | 0.99 | | 0.97 |
| outcomes rarer everywhere (which ranks as before) | roc_auc | 0.99 | | 0.93 |
"""

import numpy as np
import polars as pl
import pytest

from core.metrics import measure
from core.modelling.evaluation import outcomes
from core.monitoring.hurting.waterfall import Moved, Waterfall, why_it_changed
from core.scoping.project import TaskKind
from tests.core.monitoring.hurting_worlds import FEATURES, agreed_on, flights

WORLDS = 8
WARM = 0.6
OTHER_WORLD = pl.lit(-0.8)


def _why(metric: str, reference: pl.DataFrame, current: pl.DataFrame) -> Waterfall:
    return why_it_changed(agreed_on(metric), reference, current, FEATURES, TaskKind.BINARY)


def _values(found: Waterfall) -> dict[Moved, float]:
    return {part.moved: part.value for part in found.parts}


@pytest.mark.parametrize("metric", ["recall", "roc_auc", "share_gap", "f1", "accuracy", "balanced_accuracy"])
def test_parts_add_up_between_what_the_catalogue_measures(metric: str) -> None:
    reference, current = flights(1), flights(2, days=14, warmer=WARM, concept=pl.col("wind"))
    found = _why(metric, reference, current)
    ends = [measure(metric, {}, outcomes(rows, TaskKind.BINARY)) for rows in (reference, current)]
    assert (found.then, found.now) == pytest.approx([end.value for end in ends if end], abs=1e-9)
    assert sum(_values(found).values()) == pytest.approx(found.change, abs=1e-12)


def _held(moved: Moved, metric: str, *, warmer: float = 0.0, concept: pl.Expr | None = None) -> int:
    held = 0
    for seed in range(WORLDS):
        found = _why(metric, flights(seed), flights(5_000 + seed, days=14, warmer=warmer, concept=concept))
        interval = next(part.interval for part in found.parts if part.moved is moved)
        assert interval is not None
        held += interval.contains(0.0)
    return held


def test_other_inputs_alone_leave_nothing_over() -> None:
    assert _held(Moved.REMAINDER, "recall", warmer=WARM) >= 0.75 * WORLDS


def test_another_concept_alone_is_not_laid_to_the_inputs() -> None:
    assert _held(Moved.INPUTS, "share_gap", concept=OTHER_WORLD) >= 0.75 * WORLDS


def test_each_part_is_found_where_it_happened() -> None:
    warm = _values(_why("recall", flights(3), flights(4, days=14, warmer=1.0)))
    assert warm[Moved.INPUTS] > 5 * abs(warm[Moved.REMAINDER])
    turned = _values(_why("roc_auc", flights(3), flights(4, days=14, concept=-2 * pl.col("temp"))))
    assert turned[Moved.REMAINDER] < -0.1
    assert abs(turned[Moved.INPUTS]) < 0.03
    rarer = _values(_why("share_gap", flights(3), flights(4, days=14, concept=pl.lit(-1.5))))
    assert rarer[Moved.CLASS_SHARES] > 3 * abs(rarer[Moved.REMAINDER])


def test_rows_beyond_training_are_a_part_of_their_own() -> None:
    hot = flights(6, days=14).with_columns(
        temp=pl.when(pl.int_range(pl.len()) % 2 == 0).then(6.0).otherwise("temp"),
        score=pl.when(pl.int_range(pl.len()) % 2 == 0).then(0.0).otherwise("score"),
    )
    found = _why("recall", flights(5), hot)
    assert found.n_beyond == hot.height // 2
    values = _values(found)
    assert values[Moved.BEYOND] < -0.15
    assert abs(values[Moved.INPUTS] + values[Moved.REMAINDER]) < 0.1
    assert sum(values.values()) == pytest.approx(found.change, abs=1e-12)


def test_it_abstains_where_no_row_of_the_reference_is_like_the_window() -> None:
    cold, hot = flights(7, warmer=-3), flights(8, days=14, warmer=3)
    within = [FEATURES[0].__class__(name="temp", kind="number", lower=-9.0, upper=9.0), *FEATURES[1:]]
    found = why_it_changed(agreed_on("recall"), cold, hot, within, TaskKind.BINARY)
    assert "have no like in the hold-out" in found.reason
    assert not found.parts


def test_it_abstains_where_hardly_a_row_lies_within_training() -> None:
    found = _why("recall", flights(9), flights(10, days=14).with_columns(temp=pl.lit(9.0)))
    assert "only 0 of the window's 2,100 rows" in found.reason
    assert not found.parts


def test_numbers_and_several_classes_are_parted_too() -> None:
    reference, current = flights(11), flights(12, days=14)
    numbers = [rows.with_columns(label=pl.col("score") + pl.col("wind") * 0.1) for rows in (reference, current)]
    numbers[1] = numbers[1].with_columns(label=pl.col("label") - 0.5)
    found = why_it_changed(agreed_on("bias"), numbers[0], numbers[1], FEATURES, TaskKind.REGRESSION)
    assert _values(found)[Moved.REMAINDER] == pytest.approx(0.5, abs=0.02)
    assert found.change == pytest.approx(sum(_values(found).values()))

    rng = np.random.default_rng(0)
    named = [
        rows.with_columns(
            label=pl.Series(np.where(rng.random(rows.height) < 0.8, rows["carrier"], "d")), predicted=pl.col("carrier")
        )
        for rows in (reference, current)
    ]
    for metric in ("correct_share", "macro_recall"):
        found = why_it_changed(agreed_on(metric), named[0], named[1], FEATURES, TaskKind.MULTICLASS)
        ends = [measure(metric, {}, outcomes(rows, TaskKind.MULTICLASS)) for rows in named]
        assert (found.then, found.now) == pytest.approx([end.value for end in ends if end])
        assert found.change == pytest.approx(sum(_values(found).values()))
        assert (Moved.CLASS_SHARES in _values(found)) == (metric == "correct_share")

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from core.errors import InvalidInput
from core.frames.slice import Condition, Slice
from core.modelling.comparison import Word, Yardstick, compare_runs
from core.scoping.project import TaskKind

AUC = Yardstick(metric="roc_auc")


def holdout(noise: float, *, seed: int = 1) -> pl.DataFrame:
    truth = np.random.default_rng(0).normal(size=3_000)
    score = truth + noise * np.random.default_rng(seed).normal(size=truth.size)
    rows = np.arange(truth.size)
    return pl.DataFrame(
        {
            "entity_id": rows.astype(str),
            "event_time": [None] * truth.size,
            "block": (rows // 100).astype(str),
            "label": (truth > 0.5).astype(float),
            "score": 1 / (1 + np.exp(-score)),
            "predicted": np.where(score > 0, "yes", "no"),
            "side": np.where(rows % 2, "odd", "even"),
        }
    )


def test_less_noise_is_better_and_the_other_way_round_worse() -> None:
    better = compare_runs(holdout(2.0), holdout(0.5), AUC, kind=TaskKind.BINARY)
    worse = compare_runs(holdout(0.5), holdout(2.0), AUC, kind=TaskKind.BINARY)
    assert better is not None
    assert worse is not None
    assert (better.word, worse.word) == (Word.BETTER, Word.WORSE)
    assert better.difference.value == pytest.approx(better.right.value - better.left.value)
    assert better.difference.value == pytest.approx(-worse.difference.value)


def test_equal_noise_is_no_difference_and_says_what_could_have_been_shown() -> None:
    found = compare_runs(holdout(1.0, seed=1), holdout(1.0, seed=2), AUC, kind=TaskKind.BINARY)
    assert found is not None
    assert found.word is Word.NO_DIFFERENCE
    assert found.could_show is not None
    assert 0 < found.could_show < 0.05
    assert found.difference.n_blocks == 30


def test_of_two_gaps_the_one_nearer_zero_is_better() -> None:
    near = holdout(0.5).with_columns(score=pl.col("label") * 0.5 + 0.1)
    far = near.with_columns(score=pl.col("score") + 0.3)
    gap = Yardstick(metric="share_gap")
    found = compare_runs(far, near, gap, kind=TaskKind.BINARY)
    assert found is not None
    assert found.word is Word.BETTER


def test_only_rows_that_both_held_out_are_compared_whatever_their_order() -> None:
    left = holdout(1.0).sample(2_000, seed=0, shuffle=True)
    found = compare_runs(left, holdout(1.0), AUC, kind=TaskKind.BINARY)
    assert found is not None
    assert found.difference.n == 2_000
    assert found.difference.value == 0.0


def test_a_slice_is_compared_on_its_rows() -> None:
    odd = replace(AUC, slice=Slice(conditions=(Condition(column="side", operator="==", value="odd"),)))
    found = compare_runs(holdout(2.0), holdout(0.5), odd, kind=TaskKind.BINARY)
    assert found is not None
    assert found.difference.n == 1_500


def test_runs_without_a_common_row_cannot_be_compared() -> None:
    other = holdout(1.0).with_columns(entity_id=pl.col("entity_id") + "x")
    with pytest.raises(InvalidInput, match="held out different rows"):
        compare_runs(holdout(1.0), other, AUC, kind=TaskKind.BINARY)


def test_where_each_row_is_a_block_the_test_of_its_own_decides() -> None:
    sides = [holdout(noise).with_columns(block=pl.col("entity_id")) for noise in (2.0, 0.5)]
    for metric, test in (("roc_auc", "delong"), ("accuracy", "mcnemar"), ("brier", "paired_t")):
        found = compare_runs(*sides, Yardstick(metric=metric), kind=TaskKind.BINARY)
        assert found is not None
        assert (found.test, found.word) == (test, Word.BETTER)


def test_what_is_looked_at_beside_others_has_to_show_more() -> None:
    ends = []
    for looked in (1, 8):
        found = compare_runs(holdout(1.1), holdout(1.0, seed=2), AUC, kind=TaskKind.BINARY, looked=looked)
        assert found is not None
        assert found.difference.level == pytest.approx(1 - 0.05 / looked)
        ends.append(found.could_show)
    assert 1.2 < ends[1] / ends[0] < 1.6  # 2.7 / 2.0 standard errors


def test_two_runs_that_say_the_same_of_every_row_are_the_same() -> None:
    shifted = holdout(1.0).with_columns(score=pl.col("score") * 0.999)
    for metric, same in (("roc_auc", False), ("recall", True)):
        found = compare_runs(holdout(1.0), shifted, Yardstick(metric=metric), kind=TaskKind.BINARY)
        assert found is not None
        assert (found.difference.value, found.word, found.same) == (0.0, Word.NO_DIFFERENCE, same)

"""Curves, groups and confusion of a hold-out: right in the middle, and in their intervals."""

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as sk

from core.modelling.confusion_table import OTHERS, confusion_table
from core.modelling.curves import POINTS, at_cut, precision_recall_curve, roc_curve
from core.modelling.score_groups import calibration, residuals
from core.scoping.project import TaskKind


def binary(seed: int, days: int = 21, a_day: int = 100) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), a_day)
    score = rng.beta(2, 4, day.size)
    happens = np.clip(score + rng.normal(0, 0.08, days)[day], 0.001, 0.999)
    label = (rng.random(day.size) < happens).astype(float)
    return pl.DataFrame({"block": day.astype(str), "label": label, "score": score})


def several(n: int = 2000, classes: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(1)
    label = rng.zipf(1.8, n) % classes
    predicted = np.where(rng.random(n) < 0.7, label, rng.integers(0, classes, n))
    blocks = (np.arange(n) % 20).astype(str)
    return pl.DataFrame({"block": blocks, "label": label.astype(str), "score": 0.7, "predicted": predicted.astype(str)})


def test_curves_are_those_of_sklearn() -> None:
    rows = binary(0)
    false, found, _ = sk.roc_curve(rows["label"], rows["score"], drop_intermediate=False)
    curve = roc_curve(rows)
    assert curve is not None
    assert curve["found_share"].to_numpy() == pytest.approx(np.interp(np.linspace(0, 1, POINTS), false, found))
    precision, recall, _ = sk.precision_recall_curve(rows["label"], rows["score"])
    points = precision_recall_curve(rows)
    assert points is not None
    # the highest cut that finds so many
    wanted = [precision[np.flatnonzero(recall >= at - 1e-12)[-1]] for at in points["recall"]]
    assert points["precision"].to_numpy() == pytest.approx(np.array(wanted), abs=1e-9)
    for drawn in (curve, points):
        assert (drawn["lower"] <= drawn[drawn.columns[1]]).all()
        assert (drawn[drawn.columns[1]] <= drawn["upper"]).all()


@pytest.mark.parametrize(("read", "place"), [(roc_curve, 20), (precision_recall_curve, 50)])
def test_bands_hold_the_curve_of_the_world(read, place) -> None:
    truth = read(binary(99, days=3000))[place].row(0)[1]
    worlds = [read(binary(seed))[place].row(0) for seed in range(30)]
    assert sum(not lower <= truth <= upper for _, _, lower, upper in worlds) <= 4


def test_a_cut_lies_on_both_curves() -> None:
    rows = binary(3)
    place = at_cut(rows, 0.4)
    assert place is not None
    said = rows["score"].to_numpy() > 0.4
    assert place.precision == pytest.approx(sk.precision_score(rows["label"], said))
    assert place.found_share == pytest.approx(sk.recall_score(rows["label"], said))
    curve = roc_curve(rows)
    assert curve is not None
    assert np.interp(place.false_share, curve["false_share"], curve["found_share"]) == pytest.approx(
        place.found_share, abs=0.01
    )


def test_one_class_or_few_days_have_no_curve_or_no_band() -> None:
    rows = binary(4)
    assert roc_curve(rows.with_columns(label=0.0)) is None
    few = precision_recall_curve(rows.with_columns(block=pl.lit("a")))
    assert few is not None
    assert few["lower"].null_count() == few.height
    never = at_cut(rows, 1.0)
    assert never is not None
    assert never.precision is None


def test_calibration_bars_miss_the_truth_as_seldom_as_they_say() -> None:
    missed = groups = 0
    for seed in range(30):
        found = calibration(binary(seed), TaskKind.BINARY)
        # scores promise what happens, on average over days
        missed += found.filter(~pl.col("predicted").is_between(pl.col("lower"), pl.col("upper"))).height
        groups += found.height
    assert groups == 300
    assert missed / groups < 0.09


def test_errors_along_the_prediction() -> None:
    rng = np.random.default_rng(5)
    score = rng.normal(100, 20, 2000)
    rows = pl.DataFrame({"block": np.arange(2000) % 25, "score": score, "label": score + 3 + rng.normal(0, 5, 2000)})
    found = residuals(rows)
    assert found["rows"].sum() == 2000
    assert found.filter(pl.col("lower") <= 3, pl.col("upper") >= 3).height >= 8
    assert ((found["high"] - found["low"]) / (2 * 1.2816 * 5)).to_numpy() == pytest.approx(1, abs=0.2)


def test_confusion_is_that_of_sklearn_and_many_classes_are_put_together() -> None:
    rows = several()
    found = confusion_table(rows, TaskKind.MULTICLASS)
    names = found["label"].unique(maintain_order=True).to_list()
    expected = sk.confusion_matrix(rows["label"], rows["predicted"], labels=names)
    assert found["rows"].to_list() == expected.ravel().tolist()
    assert found.filter(pl.col("lower") <= pl.col("share"), pl.col("share") <= pl.col("upper")).height == 9
    many = confusion_table(several(classes=40), TaskKind.MULTICLASS)
    assert many["label"].n_unique() == 10
    assert many["label"][-1] == OTHERS
    assert many["rows"].sum() == 2000
    yes = confusion_table(binary(6), TaskKind.BINARY, 0.4)
    assert yes["share"][0] == pytest.approx(sk.recall_score(binary(6)["label"], binary(6)["score"] > 0.4))

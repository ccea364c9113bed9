"""Errors drawn and tagged: which rows are wrong, that a draw is fair and repeats, and gains by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from core.errors import InvalidInput
from core.frames.slice import Condition, Slice
from core.metrics import measure
from core.modelling.evaluation import outcomes
from core.modelling.tagging.error_review import DrawnError, ErrorReview
from core.modelling.tagging.tag_condition import slice_said
from core.modelling.tagging.tag_table import tag_table
from core.modelling.tagging.wrong_rows import costs, drawn_rows, wrong_rows
from core.scoping.project import TaskKind
from tests.core.monitoring.hurting_worlds import FEATURES, agreed_on, flights

CUT = 0.4


def _review(rows: tuple[int, ...], errors: int = 100) -> ErrorReview:
    return ErrorReview(
        id="review",
        project_id="project",
        run_id="run",
        errors=errors,
        drawn=tuple(DrawnError(row=row) for row in rows),
        created_by="local",
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("metric", ["recall", "precision", "specificity", "accuracy"])
def test_what_rows_cost_is_what_the_metric_misses_and_mending_all_reaches_one(metric: str) -> None:
    rows = flights(41)
    wrong = wrong_rows(rows, TaskKind.BINARY, CUT)
    cost = costs(agreed_on(metric, cut=CUT), rows, TaskKind.BINARY, CUT)
    measured = measure(metric, {"cut": CUT}, outcomes(rows, TaskKind.BINARY))
    assert measured is not None
    assert cost.metric == metric
    assert cost.value == pytest.approx(measured.value)
    assert cost.of_rows[wrong].sum() == pytest.approx(1 - measured.value)
    assert not cost.of_rows[~wrong].any()


@pytest.mark.parametrize(("metric", "cut"), [("roc_auc", {}), ("recall", {"cut": 0.6})])
def test_right_answers_stand_for_what_is_no_sum_over_rows_or_has_another_cut(
    metric: str, cut: dict[str, float]
) -> None:
    assert costs(agreed_on(metric, **cut), flights(42), TaskKind.BINARY, CUT).metric == "accuracy"


def test_numbers_are_wrong_where_they_are_furthest_off() -> None:
    rows = flights(43, days=10).with_columns(label=pl.col("score") + pl.col("wind"))
    wrong = wrong_rows(rows, TaskKind.REGRESSION, CUT)
    off = rows.select((pl.col("score") - pl.col("label")).abs()).to_series().to_numpy()
    assert wrong.sum() == 150
    assert off[wrong].min() >= off[~wrong].max()
    cost = costs(agreed_on("mae"), rows, TaskKind.REGRESSION, CUT)
    assert cost.value == pytest.approx(off.mean())


def test_a_draw_repeats_and_a_larger_one_goes_on_with_it() -> None:
    wrong = np.arange(500) % 3 == 0
    first, more = drawn_rows(wrong, 20), drawn_rows(wrong, 40)
    assert more[:20] == first
    assert len(set(more)) == 40
    assert all(wrong[row] for row in more)
    assert len(drawn_rows(wrong, 1000)) == wrong.sum()
    assert np.mean(more) == pytest.approx(250, abs=80), "from all over the table"


def test_a_tag_has_its_share_its_rate_and_its_gain() -> None:
    rows = flights(44)
    wrong = wrong_rows(rows, TaskKind.BINARY, CUT)
    drawn = drawn_rows(wrong, 20)
    review = _review(drawn, int(wrong.sum()))
    missed = [row for row in drawn if rows["label"][row] == 1]
    for row in drawn:
        review = review.tag(row, ["origin is x", "odd weather"] if row in missed[:2] else ["noise"])
    cost = costs(agreed_on("recall", cut=CUT), rows, TaskKind.BINARY, CUT)
    found = tag_table(review, rows, FEATURES, wrong, cost)
    tags = {one.tag: one for one in found.tags}
    assert (found.looked_at, found.costing) == (20, len(missed))
    assert tags["origin is x"].share == 2 / 20
    assert tags["origin is x"].gain == pytest.approx(2 / len(missed) * (1 - cost.value))
    assert tags["noise"].gain == pytest.approx((1 - 2 / len(missed)) * (1 - cost.value))
    at_x = (rows["origin"] == "x").to_numpy()
    assert (tags["origin is x"].wrong, tags["origin is x"].rows) == ((wrong & at_x).sum(), at_x.sum())
    assert tags["odd weather"].rows is None
    assert [one.gain for one in found.tags] == sorted((one.gain for one in found.tags), reverse=True)


def test_the_gain_of_a_sample_is_right_on_average() -> None:
    """Of samples of 20 drawn anew, the mean gain of a tag is what mending all of its errors would bring."""
    rows, rng = flights(45), np.random.default_rng(1)
    wrong = wrong_rows(rows, TaskKind.BINARY, CUT)
    cost = costs(agreed_on("accuracy", cut=CUT), rows, TaskKind.BINARY, CUT)
    mended = cost.of_rows[wrong & (rows["carrier"] == "a").to_numpy()].sum()
    gains = []
    for _ in range(300):
        drawn = rng.choice(np.flatnonzero(wrong), 20, replace=False)
        tags = [DrawnError(row=int(row), tags=("a" if rows["carrier"][int(row)] == "a" else "b",)) for row in drawn]
        found = tag_table(replace(_review(()), drawn=tuple(tags)), rows.select("label", "score"), (), wrong, cost)
        gains.append(next((one.gain for one in found.tags if one.tag == "a"), 0.0))
    assert np.mean(gains) == pytest.approx(mended, abs=4 * np.std(gains) / np.sqrt(300))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("origin is x", "origin == 'x'"),
        ("temp above 1.5, carrier = a", "carrier == 'a' and temp > 1.5"),
        ("humid 1 to 2", "humid <= 2.0 and humid >= 1.0"),
        ("wind is missing", "wind is missing"),
    ],
)
def test_a_tag_in_the_words_of_a_slice_is_one(tag: str, text: str) -> None:
    said = slice_said(tag, FEATURES)
    assert said is not None
    assert said.text == text


@pytest.mark.parametrize(
    "tag", ["fog", "origin", "temp above much", "origin above x", "temp above 1, fog", "temperature is 1"]
)
def test_other_tags_are_none(tag: str) -> None:
    assert slice_said(tag, FEATURES) is None


def test_a_tag_is_spelled_one_way_and_belongs_to_a_drawn_row() -> None:
    review = _review((3, 5)).tag(3, ["Fog ", "fog", "  ", "low  sun"])
    assert review.drawn[0].tags == ("Fog", "low sun")
    assert review.tag(5, ["fog"]).tags[0] == "Fog"
    with pytest.raises(InvalidInput, match="not among the errors"):
        review.tag(4, ["fog"])
    with pytest.raises(InvalidInput, match="Shorten"):
        review.tag(3, ["x" * 61])


def test_costs_outside_a_criterions_slice_are_none() -> None:
    rows = flights(46)
    at_x = replace(
        agreed_on("recall", cut=CUT), slice=Slice(conditions=(Condition(column="origin", operator="==", value="x"),))
    )
    cost = costs(at_x, rows, TaskKind.BINARY, CUT)
    assert not cost.of_rows[(rows["origin"] != "x").to_numpy()].any()
    inside = measure("recall", {"cut": CUT}, outcomes(rows.filter(pl.col("origin") == "x"), TaskKind.BINARY))
    assert inside is not None
    assert cost.value == pytest.approx(inside.value)

"""A file of several annotators' labels is recognised in either form, and gives agreement and the human level."""

from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from core.data.annotations import Annotations, Layout, annotations, guess_layout
from core.data.label_study import LabelStudy, said_beside, study
from core.errors import InvalidInput
from core.scoping.project import Task, TaskKind
from core.statistics.agreement import krippendorff

LATE = Task(kind=TaskKind.BINARY, target="late", inputs=("a",), positive="yes")
WHO = ("Ada", "Bob", "Cyd")


def wide(seed: int = 1, items: int = 120, *, missing: float = 0.0) -> pl.DataFrame:
    """Three annotators who are right nine times in ten, about labels of which three in ten are yes."""
    chance = np.random.default_rng(seed)
    truth = chance.random(items) < 0.3
    said = {who: np.where(chance.random(items) < 0.9, truth, ~truth) for who in WHO}
    lost = {who: chance.random(items) < missing for who in WHO}
    columns = {
        who: [None if gone else "yes" if yes else "no" for yes, gone in zip(said[who], lost[who], strict=True)]
        for who in WHO
    }
    return pl.DataFrame({"flight_id": [f"F{i:04}" for i in range(items)], **columns, "truth": truth}).with_columns(
        truth=pl.when("truth").then(pl.lit("yes")).otherwise(pl.lit("no"))
    )


def long(frame: pl.DataFrame, names: tuple[str, str, str] = ("item", "annotator", "label")) -> pl.DataFrame:
    melted = frame.unpivot(WHO, index="flight_id").drop_nulls()
    return melted.rename(dict(zip(("flight_id", "variable", "value"), names, strict=True)))


def read(frame: pl.DataFrame) -> Annotations:
    return annotations(frame, guess_layout(frame))


# ---- the form


def test_one_column_an_annotator_is_wide() -> None:
    assert guess_layout(wide()) == Layout(form="wide", item="flight_id", annotators=WHO, truth="truth")


@pytest.mark.parametrize(
    "names", [("item", "annotator", "label"), ("doc_id", "rater", "rating"), ("Subject", "Coder ID", "category")]
)
def test_one_row_a_label_is_long(names: tuple[str, str, str]) -> None:
    item, who, label = names
    assert guess_layout(long(wide(), names)) == Layout(form="long", item=item, annotator=who, label=label)


def test_three_columns_of_no_telling_name_are_long_by_their_repeats() -> None:
    for order in (("x", "y", "z"), ("y", "x", "z")):
        frame = long(wide(), ("x", "y", "z")).select(order)
        assert guess_layout(frame) == Layout(form="long", item="x", annotator="y", label="z")


def test_texts_beside_the_labels_are_no_annotators() -> None:
    frame = wide().with_columns(words=pl.col("flight_id") + " was long delayed", at=datetime(2013, 1, 1, tzinfo=UTC))
    assert guess_layout(frame).annotators == WHO


def test_without_a_name_of_the_item_its_row_names_it() -> None:
    found = read(wide().drop("flight_id", "truth"))
    assert found.items[:3] == ("1", "2", "3")


def test_both_forms_give_the_same() -> None:
    frame = wide(missing=0.1).drop("truth")
    one, two = read(frame), read(long(frame).sample(fraction=1.0, shuffle=True, seed=3))
    first, second = krippendorff(one.ratings), krippendorff(two.ratings)
    assert first is not None
    assert second is not None
    assert first.value == pytest.approx(second.value, abs=1e-12)
    assert set(one.annotators) == set(two.annotators)


def test_columns_of_other_numbers_are_no_annotators() -> None:
    from sklearn.datasets import load_iris, load_wine

    for load in (load_iris, load_wine):
        with pytest.raises(InvalidInput, match="no labels of several annotators"):
            guess_layout(pl.from_pandas(load(as_frame=True).frame))


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (pl.DataFrame({"a": ["x", "y"], "b": [1.5, 2.5]}), "no labels of several annotators"),
        (pl.DataFrame({"item": [1, 2], "annotator": ["A", "A"], "label": ["x", "y"]}), "labels of 1 annotators"),
        (pl.DataFrame({"item": [1, 2], "annotator": ["A", "B"], "label": ["x", "y"]}), "nothing can be compared"),
    ],
)
def test_what_is_no_study_says_why(frame: pl.DataFrame, word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        read(frame)


def test_a_label_given_again_counts_once_and_is_told() -> None:
    frame = pl.concat([long(wide()), long(wide()).head(2)])
    figures = study(read(frame), LATE)
    assert figures.note == "2 labels were given again; the last one counts."


def test_numbers_read_as_floats_keep_their_classes() -> None:
    frame = pl.DataFrame({"id": [1, 2, 3], "A": [1.0, 2.0, None], "B": [1, 2, 2]})
    assert read(frame).labels == ("1", "2")


# ---- what is measured


def test_annotators_are_held_against_the_truth_where_the_file_has_it() -> None:
    frame = wide()
    figures = study(read(frame), LATE)
    assert figures.against == "truth"
    pooled = {h.metric: h.estimate for h in figures.human if h.annotator is None}
    said, right = np.concatenate([frame[who] for who in WHO]), np.tile(frame["truth"], 3)
    assert pooled["recall"].value == pytest.approx((said[right == "yes"] == "yes").mean())
    assert pooled["precision"].value == pytest.approx((right[said == "yes"] == "yes").mean())
    assert pooled["correct_share"].value == pytest.approx((said == right).mean())
    assert pooled["recall"].interval is not None
    assert pooled["recall"].n_blocks == (frame["truth"] == "yes").sum()
    assert {h.annotator for h in figures.human} == {None, *WHO}


def test_without_a_truth_each_is_held_against_the_majority_of_the_others() -> None:
    labels = {"A": ["x", "x", "y"], "B": ["x", "y", "y"], "C": ["x", "y", "x"]}
    figures = study(read(pl.DataFrame({"item": [1, 2, 3], **labels})))
    level = next(h for h in figures.human if h.metric == "correct_share" and h.annotator == "A")
    # item 1: the others say x, A says x; item 2: they say y, A says x; item 3: they are at odds, so it tells nothing
    assert (level.estimate.value, level.estimate.n) == (0.5, 2)
    assert figures.against == "consensus"


def test_two_annotators_reach_what_they_agree_on() -> None:
    figures = study(read(wide().select("flight_id", "Ada", "Bob")))
    level = next(h for h in figures.human if h.metric == "correct_share" and h.annotator is None)
    assert level.estimate.value == pytest.approx(figures.agreement["raw"].value)


def test_a_study_without_the_label_looked_for_has_no_human_level() -> None:
    frame = wide().with_columns(pl.col(*WHO, "truth").replace({"yes": "late", "no": "on time"}))
    figures = study(read(frame), LATE)
    assert figures.human == ()
    assert "“yes”" in figures.note
    assert figures.agreement["nominal"].value > 0.4


def test_numbers_are_held_against_the_median_of_the_others() -> None:
    chance = np.random.default_rng(2)
    price = chance.normal(100, 20, 60)
    frame = pl.DataFrame({"item": range(60), **{who: price + chance.normal(0, 2, 60) for who in WHO}})
    figures = study(read(frame), Task(kind=TaskKind.REGRESSION, target="price", inputs=("a",)))
    assert figures.scale == "interval"
    assert list(figures.agreement) == ["interval"]
    assert figures.agreement["interval"].value > 0.9
    ada = next(h.estimate.value for h in figures.human if h.annotator == "Ada")
    expected = np.abs(frame["Ada"] - frame.select("Bob", "Cyd").mean_horizontal()).mean()
    assert ada == pytest.approx(expected)


def test_grades_have_three_alphas() -> None:
    chance = np.random.default_rng(2)
    grade = chance.integers(1, 6, 60)
    frame = pl.DataFrame({"item": range(60), **{w: np.clip(grade + chance.integers(-1, 2, 60), 1, 5) for w in WHO}})
    figures = study(read(frame))
    assert figures.scale == "ordinal"
    assert figures.agreement["ordinal"].value > figures.agreement["nominal"].value


def test_the_items_that_annotators_disagree_on_most_come_first() -> None:
    labels = {"A": ["x", "x", "z"], "B": ["x", "x", "y"], "C": ["x", "y", "x"]}
    figures = study(read(pl.DataFrame({"item": ["one", "two", "three"], **labels})))
    assert [(d.item, d.agreement) for d in figures.disputed] == [("three", 0.0), ("two", pytest.approx(1 / 3))]
    assert figures.disputed[0].labels == {"A": "z", "B": "y", "C": "x"}
    assert [(pair.first, pair.second) for pair in figures.pairs] == [*combinations("ABC", 2)]
    assert figures.confusion == ((4, 3, 1), (3, 0, 1), (1, 1, 0))  # pairs that agree once, others on both sides


def test_a_study_answers_by_metric() -> None:
    figures = study(read(wide()), LATE)
    made = LabelStudy(
        id="s",
        project_id="p",
        file_name="labels.csv",
        source="0",
        layout=guess_layout(wide()),
        figures=figures,
        created_by="local",
        created_at=datetime(2013, 7, 1, tzinfo=UTC),
    )
    assert made.human_level("recall") is not None
    assert made.human_level("roc_auc") is None


# ---- what stands beside what


def test_what_another_says_is_told_by_the_pairs_of_a_label() -> None:
    frame = pl.DataFrame({"item": range(4), "Ada": ["a", "a", "b", "a"], "Bob": ["a", "b", "b", "a"]})
    figures = study(annotations(frame, Layout(form="wide", item="item", annotators=("Ada", "Bob"))))
    # five times somebody says a, four times with a beside it; three times b, twice with b beside it
    assert said_beside(figures) == ((4 / 5, 1 / 5), (1 / 3, 2 / 3))

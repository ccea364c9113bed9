"""What is wrong with a label is found by its check; a good one, none, or one of another kind says so."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sklearn import datasets

from core.data.check import Beside
from core.data.checks import CHECKS
from core.data.confident import balanced_share, doubted, out_of_fold
from core.data.finding import CheckStatus, Finding, Severity
from core.data.lone_predictor import power_of_classes, power_of_numbers
from core.data.validation import validate
from core.frames.opened import Opened
from sample_data import ARRIVALS, FLIGHTS

MINE = {
    name: CHECKS[name]
    for name in ("label_balance", "conflicting_labels", "label_leakage", "label_errors", "changed_association")
}
NOW = datetime(2013, 7, 1, tzinfo=UTC)
ROWS = 400


def clean(seed: int = 1) -> pl.DataFrame:
    """Two inputs tell two classes apart, neither alone without fault; a key and a time tell nothing."""
    chance = np.random.default_rng(seed)
    late = np.arange(ROWS) % 2 == 0
    return pl.DataFrame(
        {
            "order_id": [f"A-{i:05}" for i in range(ROWS)],
            "at": [datetime(2013, 1, 1) + timedelta(hours=6 * i) for i in range(ROWS)],  # noqa: DTZ001
            "queue": late * 1.8 + chance.normal(size=ROWS),
            "wind": late * 1.8 + chance.normal(size=ROWS),
            "city": chance.choice(["Rome", "Oslo", "Lima"], ROWS),
            "late": ["yes" if x else "no" for x in late],
        }
    )


def checked(
    folder: Path,
    frame: pl.DataFrame,
    *,
    label: str | None = "late",
    reference: pl.DataFrame | None = None,
    only: str = "",
) -> Mapping[str, list[Finding]]:
    path, other = folder / "table.parquet", folder / "reference.parquet"
    frame.write_parquet(path)
    if reference is not None:
        reference.write_parquet(other)
    beside = Beside(label=label, reference=other if reference is not None else None)
    opened = Opened(rows=frame.height, columns=tuple(frame.columns))
    found = validate(path, opened, now=NOW, beside=beside, checks={only: MINE[only]} if only else MINE).findings
    return {name: [f for f in found if f.check == name] for name in MINE}


def the(found: Mapping[str, list[Finding]], check: str) -> Finding:
    (one,) = found[check]
    return one


def put(column: str, rows: list[int], value: Any) -> pl.DataFrame:
    frame = clean()
    values = frame[column].to_list()
    for row in rows:
        values[row] = value
    return frame.with_columns(pl.Series(column, values))


# ---- a good label, none, one of another kind


def test_a_good_label_passes_all(tmp_path: Path) -> None:
    found = checked(tmp_path, clean(), reference=clean(2))
    told = {name: (the(found, name).status, the(found, name).message) for name in found if name != "label_errors"}
    assert {status for status, _ in told.values()} == {CheckStatus.PASSED}, told
    doubts = the(found, "label_errors")
    assert doubts.severity is Severity.INFO
    assert doubts.share < 0.15  # the two classes overlap


def test_without_a_label_nothing_is_looked_at(tmp_path: Path) -> None:
    found = checked(tmp_path, clean(), label=None)
    assert {the(found, name).status for name in found} == {CheckStatus.NOT_APPLICABLE}
    assert the(found, "label_balance").message == "Nobody said which column is to be predicted."


@pytest.mark.parametrize(("column", "word"), [("at", "times"), ("order_id", "too many to be classes")])
def test_what_is_no_label_says_so(tmp_path: Path, column: str, word: str) -> None:
    found = checked(tmp_path, clean(), label=column)
    assert {the(found, name).status for name in found} == {CheckStatus.NOT_APPLICABLE}
    assert word in the(found, "label_balance").message


def test_a_number_has_no_classes(tmp_path: Path) -> None:
    found = checked(tmp_path, clean(), label="wind")
    assert the(found, "label_balance").status is CheckStatus.PASSED
    assert {the(found, name).status for name in ("conflicting_labels", "label_errors")} == {CheckStatus.NOT_APPLICABLE}


# ---- balance


def test_rows_without_a_label_are_an_error(tmp_path: Path) -> None:
    found = the(checked(tmp_path, put("late", [7, 9, 30], None)), "label_balance")
    assert (found.severity, found.count, found.first, found.last) == (Severity.ERROR, 3, 8, 31)
    assert [row["row"] for row in found.sample] == [8, 10, 31]


def test_a_label_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    found = checked(tmp_path, clean(), label="delayed")
    assert the(found, "label_balance").severity is Severity.ERROR
    assert "no column `delayed`" in the(found, "label_balance").message
    assert the(found, "label_leakage").status is CheckStatus.NOT_APPLICABLE
    empty = checked(tmp_path, clean().with_columns(late=pl.lit(None, dtype=pl.String)))
    assert "empty in every row" in the(empty, "label_balance").message


@pytest.mark.parametrize("column", ["late", "wind"])
def test_a_constant_label_is_an_error(tmp_path: Path, column: str) -> None:
    one = clean()[column][0]
    found = checked(tmp_path, clean().with_columns(pl.lit(one).alias(column)), label=column)
    assert the(found, "label_balance").severity is Severity.ERROR
    assert "nothing to learn" in the(found, "label_balance").message


def test_rare_classes_are_named(tmp_path: Path) -> None:
    found = checked(tmp_path, put("late", list(range(9)), "never"))["label_balance"]
    assert [f.severity for f in found] == [Severity.WARNING]
    assert (found[0].count, found[0].of) == (9, ROWS)
    assert "1 class with fewer than 10 rows: “never”" in found[0].message


@pytest.mark.parametrize(("of_the_small", "found"), [(36, True), (37, False)])  # 364 : 36 is under a tenth
def test_imbalance_is_under_a_tenth(tmp_path: Path, of_the_small: int, found: bool) -> None:
    labels = pl.Series("late", ["yes"] * of_the_small + ["no"] * (ROWS - of_the_small))
    balance = the(
        checked(tmp_path, clean().with_columns(labels.sample(fraction=1, shuffle=True, seed=3))), "label_balance"
    )
    assert (balance.status is CheckStatus.FAILED) == found


# ---- conflicts


def test_the_same_inputs_with_another_label(tmp_path: Path) -> None:
    again = (
        clean()
        .head(3)
        .with_columns(order_id="B-" + pl.col("order_id"), late=pl.lit("no"), at=pl.col("at").dt.offset_by("1y"))
    )
    found = the(checked(tmp_path, pl.concat([clean(), again])), "conflicting_labels")
    assert (found.severity, found.count) == (Severity.WARNING, 4)  # row 2 is “no” already
    assert [row["row"] for row in found.sample] == [1, ROWS + 1, 3, ROWS + 3]
    assert (found.first, found.last) == (1, ROWS + 3)


def test_coarse_inputs_conflict_by_chance_and_are_a_note(tmp_path: Path) -> None:
    found = the(checked(tmp_path, clean().drop("queue", "wind")), "conflicting_labels")
    assert (found.severity, found.count) == (Severity.INFO, ROWS)
    assert "to be expected" in found.message


# ---- leakage


def test_a_column_that_is_the_label_leaks(tmp_path: Path) -> None:
    frame = clean().with_columns(minutes=pl.when(pl.col("late") == "yes").then(40).otherwise(3) + pl.col("wind") / 9)
    found = the(checked(tmp_path, frame), "label_leakage")
    assert (found.column, found.severity) == ("minutes", Severity.WARNING)
    assert "power 1.00" in found.message


def test_a_text_that_is_the_label_leaks(tmp_path: Path) -> None:
    frame = clean().with_columns(
        state=pl.when(pl.col("late") == "yes").then(pl.lit("closed")).otherwise(pl.lit("open"))
    )
    assert the(checked(tmp_path, frame), "label_leakage").column == "state"


def test_rows_sorted_by_their_label_leak_through_key_and_time(tmp_path: Path) -> None:
    keys = clean().select("order_id", "at")
    found = the(checked(tmp_path, clean().drop("order_id", "at").sort("late").hstack(keys)), "label_leakage")
    assert found.column in {"order_id", "at"}
    assert "`order_id`" in found.message
    assert "`at`" in found.message
    assert "names a row" in found.message


def test_a_number_that_is_the_label_leaks(tmp_path: Path) -> None:
    frame = clean().with_columns(copy=3 * pl.col("wind") + 1)
    assert the(checked(tmp_path, frame, label="wind"), "label_leakage").column == "copy"


def test_power_is_none_by_chance_and_all_where_it_is_the_label() -> None:
    chance = np.random.default_rng(0)
    labels, noise = chance.choice(["a", "b", "c"], 900), chance.normal(size=900)
    assert power_of_classes(noise, labels).score < 0.1
    assert power_of_classes(np.unique(labels, return_inverse=True)[1].astype(float), labels).score == 1.0
    assert power_of_numbers(noise, chance.normal(size=900)).score == 0.0
    assert power_of_numbers(noise, np.full(900, 3.0)).score == 0.0
    assert power_of_numbers(noise, 2 * noise).score > 0.9


# ---- label errors


def test_the_confident_joint_of_a_worked_example() -> None:
    # thresholds: (0.9 + 0.8 + 0.1) / 3 = 0.6 and (0.7 + 0.95) / 2 = 0.825; only row 2 reaches another class's
    chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.3, 0.7], [0.05, 0.95]])
    found = doubted(chances, np.array([0, 0, 0, 1, 1]))
    assert found.rows.tolist() == [2]
    assert found.suggested.tolist() == [1]
    assert found.margin.tolist() == pytest.approx([0.1 - 0.9])


@pytest.mark.parametrize("categories", [(), (1,)])
@pytest.mark.filterwarnings("error")
def test_a_column_that_one_row_knows_stops_no_model(categories: tuple[int, ...]) -> None:
    chance = np.random.default_rng(3)
    given_labels = np.arange(200) % 2
    known = given_labels + chance.normal(0, 0.3, 200)
    rare = np.full(200, np.nan)
    rare[17] = 1.0
    chances = out_of_fold(np.column_stack([known, rare, np.full(200, np.nan)]), given_labels, categories=categories)
    alone = out_of_fold(known[:, None], given_labels)
    assert chances == pytest.approx(alone, abs=1e-12)
    assert balanced_share(chances, given_labels) > 0.9


@limits(deadline=None)
@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_doubted_rows_never_agree_with_what_is_suggested(classes: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    given_labels = np.r_[np.arange(classes), chance.integers(0, classes, 40)]
    chances = chance.dirichlet(np.ones(classes), len(given_labels))
    found = doubted(chances, given_labels)
    assert (given_labels[found.rows] != found.suggested).all()
    assert (np.diff(found.margin) >= 0).all()
    assert len(set(found.rows.tolist())) == len(found.rows)


@pytest.mark.parametrize(("name", "recall", "precision"), [("wine", 0.7, 0.7), ("breast_cancer", 0.7, 0.7)])
def test_turned_labels_are_found(tmp_path: Path, name: str, recall: float, precision: float) -> None:
    frame = pl.from_pandas(getattr(datasets, f"load_{name}")(as_frame=True).frame)
    turned = np.random.default_rng(5).choice(frame.height, round(0.05 * frame.height), replace=False)
    labels = frame["target"].to_numpy().copy()
    labels[turned] = (labels[turned] + 1) % (labels.max() + 1)
    found = the(checked(tmp_path, frame.with_columns(target=labels), label="target"), "label_errors")
    hits = {row["row"] - 1 for row in found.sample} & set(turned.tolist())
    assert len(found.sample) == found.count  # fewer than the fifty that are listed
    assert len(hits) >= recall * len(turned)
    assert len(hits) >= precision * found.count
    assert all(str(row["looks like"]) != str(row["target"]) for row in found.sample)
    chances = [row["chance"] for row in found.sample]
    assert all(0 <= share <= 1 for share in chances)


def test_where_the_columns_say_little_no_label_is_called_wrong(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    frame = clean().with_columns(queue=chance.normal(size=ROWS), wind=chance.normal(size=ROWS))
    found = the(checked(tmp_path, frame), "label_errors")
    assert found.status is CheckStatus.NOT_APPLICABLE
    assert "say too little" in found.message


# ---- association with a reference


def test_a_column_that_turns_round_is_named(tmp_path: Path) -> None:
    found = the(
        checked(tmp_path, clean().with_columns(wind=-pl.col("wind")), reference=clean(2)), "changed_association"
    )
    assert (found.column, found.severity) == ("wind", Severity.WARNING)
    assert "turned round" in found.message


def test_a_unit_does_not_change_an_association(tmp_path: Path) -> None:
    frame = clean().with_columns(wind=1000 * pl.col("wind") + 7)
    assert the(checked(tmp_path, frame, reference=clean(2)), "changed_association").status is CheckStatus.PASSED


def test_a_text_that_begins_to_tell_is_named(tmp_path: Path) -> None:
    told = clean().with_columns(city=pl.when(pl.col("late") == "yes").then(pl.lit("Rome")).otherwise(pl.col("city")))
    found = the(checked(tmp_path, told, reference=clean(2)), "changed_association")
    assert found.column == "city"
    assert "grew" in found.message


def test_an_association_of_numbers_that_fades_is_named(tmp_path: Path) -> None:
    reference = clean(2).with_columns(queue=2 * pl.col("wind") + pl.col("queue") / 9)
    found = the(checked(tmp_path, clean(), label="wind", reference=reference), "changed_association")
    assert found.column == "queue"
    assert "faded" in found.message


def test_the_same_population_seldom_changes(tmp_path: Path) -> None:
    only = "changed_association"
    told = [
        the(checked(tmp_path, clean(seed), reference=clean(seed + 100), only=only), only).status for seed in range(20)
    ]
    assert told == [CheckStatus.PASSED] * 20


def test_a_label_of_another_kind_cannot_be_compared(tmp_path: Path) -> None:
    reference = clean(2).with_columns(late=pl.col("wind"))
    found = the(checked(tmp_path, clean(), reference=reference), "changed_association")
    assert found.status is CheckStatus.NOT_APPLICABLE


# ---- the flights


def test_flights_without_a_label(tmp_path: Path) -> None:
    arrivals = pl.read_parquet(ARRIVALS).select("flight_id", "late")
    flights = pl.read_parquet(FLIGHTS).join(arrivals, on="flight_id", how="left", maintain_order="left")
    found = the(checked(tmp_path, flights, label="late"), "label_balance")
    assert (found.count, found.of) == (9_430, 336_776)

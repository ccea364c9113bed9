"""Rows that belong together are held out together, searched on together, and counted together."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from sklearn.neighbors import KNeighborsClassifier

from core.data.profile import profile
from core.errors import InvalidInput
from core.metrics import Outcomes, measure
from core.modelling.first_task import choices, grouped, task_of
from core.modelling.search import nested
from core.modelling.split import labelled_rows, split
from core.monitoring.production import LOGGED, production_rows
from core.scoping.project import Task, TaskKind

UTC = ZoneInfo("UTC")
PATIENTS = Task(kind=TaskKind.BINARY, target="ill", inputs=("age", "dose"), positive="yes", group="patient_id")


def visits(patients: int, most: int = 9, seed: int = 0) -> pl.DataFrame:
    """Give each patient one to ``most`` visits; age and illness are of the patient, in no order."""
    rng = np.random.default_rng(seed)
    who = rng.permutation(np.repeat(np.arange(patients), rng.integers(1, most + 1, patients)))
    return pl.DataFrame(
        {
            "patient_id": [f"P{n:04d}" for n in who],
            "age": rng.integers(20, 90, patients)[who],
            "dose": rng.normal(size=len(who)).round(3),
            "ill": np.where(rng.random(patients) < 0.4, "yes", "no")[who],
        }
    )


@pytest.mark.parametrize("patients", [20, 47, 400])
def test_no_group_is_trained_on_and_held_out(patients: int) -> None:
    rows = labelled_rows(visits(patients), PATIENTS, zone=UTC)
    parts = split(rows, PATIENTS, zone=UTC)
    assert not set(parts.train["block"]) & set(parts.holdout["block"])
    assert parts.train.height + parts.holdout.height == rows.height
    assert 0 < parts.holdout.height <= 0.3 * rows.height
    assert parts.holdout.height > 0.3 * rows.height - 9
    for train, judged in nested(parts.train, timed=False):
        assert not set(train["block"]) & set(judged["block"])


def test_a_row_without_a_group_stands_for_itself_and_one_group_cannot_be_held_out() -> None:
    frame = visits(40)
    rows = labelled_rows(frame.with_columns(patient_id=pl.lit(None, pl.String)), PATIENTS, zone=UTC)
    assert rows["block"].n_unique() == frame.height
    alone = labelled_rows(frame.with_columns(patient_id=pl.lit("P1")), PATIENTS, zone=UTC)
    with pytest.raises(InvalidInput, match="None of 1 groups of rows is small enough to be held out"):
        split(alone, PATIENTS, zone=UTC)
    with pytest.raises(InvalidInput, match="lacks the column 'patient_id'"):
        labelled_rows(frame.drop("patient_id"), PATIENTS, zone=UTC)


def test_a_column_that_rows_share_is_offered_and_one_named_like_a_key_is_no_input(tmp_path: Path) -> None:
    frame = visits(60).with_columns(
        ward=pl.lit("W") + (pl.int_range(pl.len()) % 12).cast(pl.String), row=pl.int_range(pl.len())
    )
    path = tmp_path / "visits.parquet"
    frame.write_parquet(path)
    found = choices(profile(path), target="ill")
    assert found.groups == ("patient_id", None, "age", "ward")
    task = task_of(found, target="ill", time=None, entity="row", positive="yes")
    assert task is not None
    assert task.block == "row"
    by_patient, by_ward = grouped(task, "patient_id"), grouped(task, "ward")
    assert (by_patient.block, "patient_id" in by_patient.inputs) == ("block", False)
    assert (by_ward.block, "ward" in by_ward.inputs) == ("group", True)
    assert grouped(replace(task, time="at"), "ward").group is None


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (replace(PATIENTS, inputs=("age", "dose", "patient_id")), ["P1", "P1", "row c"]),
        (PATIENTS, ["2024-01-01", "2024-01-02", "2024-01-02"]),
        (replace(PATIENTS, group=None), ["row a", "row b", "row c"]),
    ],
)
def test_production_is_resampled_by_the_group_where_the_log_holds_it_by_days_where_it_does_not(
    task: Task, expected: list[str]
) -> None:
    log = pl.DataFrame(
        {
            **{name: [None] * 3 for name in LOGGED},
            "entity_id": ["row a", "row b", "row c"],
            "day": ["2024-01-01", "2024-01-02", "2024-01-02"],
            "input_age": [1, 2, 3],
            "input_dose": [1.0, 2.0, 3.0],
            "input_patient_id": ["P1", "P1", None],
        }
    )
    labels = pl.DataFrame(schema={"entity_id": pl.String, "label": pl.String})
    assert production_rows(log, labels, task)["block"].to_list() == expected


def test_a_log_that_never_held_the_group_has_rows_by_the_day() -> None:
    task = replace(PATIENTS, inputs=("age", "patient_id"))
    log = pl.DataFrame({**{name: [None] for name in LOGGED}, "entity_id": ["row a"], "day": ["2024-01-01"]})
    labels = pl.DataFrame(schema={"entity_id": pl.String, "label": pl.String})
    assert production_rows(log, labels, task)["block"].to_list() == ["2024-01-01"]
    assert production_rows(log.clear(), labels, task).is_empty()


def test_what_a_model_learns_of_a_patient_does_not_count_as_skill() -> None:
    # every patient's illness is a coin's, so nothing can be learnt but who is who: 0.5 is the truth
    frame = visits(300, seed=3)
    areas: dict[str | None, float] = {}
    for group in (None, "patient_id"):
        task = replace(PATIENTS, group=group)
        parts = split(
            labelled_rows(frame.with_columns(trait=_trait(frame)), replace(task, inputs=("trait",)), zone=UTC),
            task,
            zone=UTC,
        )
        model = KNeighborsClassifier(1).fit(parts.train.select("trait").to_numpy(), parts.train["label"].to_numpy())
        said = model.predict_proba(parts.holdout.select("trait").to_numpy())[:, 1]
        found = measure(
            "roc_auc",
            {},
            Outcomes(blocks=parts.holdout["block"].to_numpy(), label=parts.holdout["label"].to_numpy(), score=said),
        )
        assert found is not None
        assert found.interval is not None
        areas[group] = found.value
        if group:
            assert found.n_blocks == parts.holdout.filter(pl.col("label") == 1)["block"].n_unique()
            assert found.interval.contains(0.5)
    assert areas[None] > 0.9


def _trait(frame: pl.DataFrame) -> pl.Series:
    """Return a number by which a patient is known."""
    return frame["patient_id"].hash(seed=1).cast(pl.Float64) / 2**64

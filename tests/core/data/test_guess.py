"""Which column is what, guessed on data that people know."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

from core.data.guess import guess_task
from core.data.profile import profile
from core.data.report import guess_file
from core.scoping.project import TaskKind


@pytest.mark.parametrize(
    ("load", "kind", "positive", "inputs"),
    [
        (load_breast_cancer, TaskKind.BINARY, "1", 30),
        (load_wine, TaskKind.MULTICLASS, None, 13),
        (load_iris, TaskKind.MULTICLASS, None, 4),
        (load_diabetes, TaskKind.REGRESSION, None, 10),
    ],
)
def test_well_known_data(
    tmp_path: Path, load: Callable[..., Any], kind: TaskKind, positive: str | None, inputs: int
) -> None:
    load(as_frame=True).frame.to_csv(tmp_path / "file.csv", index=False)
    guess = guess_file(tmp_path / "file.csv")
    assert (guess.target, guess.kind, guess.positive) == ("target", kind, positive)
    assert guess.candidates[0] == "target"
    assert len(guess.inputs) == inputs
    assert (guess.time, guess.entity) == (None, None)


def test_the_flights() -> None:
    guess = guess_file(Path(__file__).parents[3] / "sample_data" / "practice" / "january_clean.csv")
    assert (guess.target, guess.kind, guess.positive) == ("late", TaskKind.BINARY, "true")
    assert (guess.time, guess.entity) == ("scheduled_at", "flight_id")
    assert {"flight_id", "scheduled_at", "late"}.isdisjoint(guess.inputs)
    assert "carrier" in guess.inputs


def table() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(300)],
            "signup_date": pl.date_range(pl.date(2013, 1, 1), pl.date(2013, 10, 27), eager=True),
            "country": ["FR"] * 300,
            "remark": [f"remark {i % 280}" for i in range(300)],
            "age": [20 + i % 50 for i in range(300)],
            "plan": [["a", "b", "c"][i % 3] for i in range(300)],
            "churn": ["yes" if i % 7 == 0 else "no" for i in range(300)],
            "spent": [i * 1.01 for i in range(300)],
        }
    )


def test_each_column_gets_its_part() -> None:
    guess = guess_task(table())
    assert (guess.target, guess.kind, guess.positive) == ("churn", TaskKind.BINARY, "yes")
    assert (guess.time, guess.entity) == ("signup_date", "customer_id")
    assert guess.inputs == ("age", "plan", "spent")
    words = " ".join(guess.reasons)
    assert "`remark` (has 280 different texts)" in words
    assert "`country` (never changes)" in words


@pytest.mark.parametrize(
    ("target", "kind"), [("plan", TaskKind.MULTICLASS), ("spent", TaskKind.REGRESSION), ("churn", TaskKind.BINARY)]
)
def test_a_person_may_choose_another_target(target: str, kind: TaskKind) -> None:
    guess = guess_task(table(), target=target)
    assert (guess.target, guess.kind) == (target, kind)
    assert target not in guess.inputs
    assert (guess.positive is None) == (kind is not TaskKind.BINARY)


def test_the_rarer_label_is_looked_for_where_none_says_yes() -> None:
    frame = pl.DataFrame({"x": range(100), "group": ["b"] * 80 + ["a"] * 20})
    assert guess_task(frame).positive == "a"


def test_a_profile_is_enough(tmp_path: Path) -> None:
    table().write_parquet(tmp_path / "table.parquet")
    assert guess_task(profile(tmp_path / "table.parquet")) == guess_task(table())


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": []}), pl.DataFrame({"a": [1]})])
def test_hardly_a_table(frame: pl.DataFrame) -> None:
    assert guess_task(frame).target is None

"""Logged predictions are joined with the labels that people accepted; what does not fit is said in a sentence."""

from dataclasses import replace

import polars as pl
import pytest

from core.errors import InvalidInput
from core.modelling.tracking.predictions import scored_rows
from core.scoping.project import Task, TaskKind

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("x",), entity="flight", positive="yes")
KNOWN = pl.DataFrame(
    {"entity_id": ["1", "2", "3"], "event_time": [None] * 3, "block": ["a", "a", "b"], "label": [1.0, 0.0, 1.0]}
)


@pytest.mark.parametrize("ids", ["id", "entity_id", "flight"])
@pytest.mark.parametrize(("score", "label"), [("score", ["yes", "yes"]), ("prediction", [1, 1])])
def test_rows_are_known_by_their_id(ids: str, score: str, label: list[object]):
    logged = pl.DataFrame({ids: [3, 1], score: [0.9, 0.4], "label": label})
    found = scored_rows(logged, KNOWN, TASK)
    assert found.select("entity_id", "label", "score").rows() == [("1", 1.0, 0.4), ("3", 1.0, 0.9)]


def test_many_classes_need_no_score():
    known = KNOWN.with_columns(label=pl.Series(["a", "b", "a"]))
    logged = pl.DataFrame({"id": [1, 2], "predicted": ["a", "a"]})
    found = scored_rows(logged, known, replace(TASK, kind=TaskKind.MULTICLASS, positive=None))
    assert found.select("label", "predicted").rows() == [("a", "a"), ("b", "a")]


@pytest.mark.parametrize(
    ("logged", "sentence"),
    [
        ({"score": [0.1]}, "no column 'entity_id'"),
        ({"id": [1]}, "no column 'score'"),
        ({"id": [1], "score": ["high"]}, "not a finite number"),
        ({"id": [1], "score": [float("inf")]}, "not a finite number"),
        ({"id": [1, 1], "score": [0.1, 0.2]}, "more than once"),
        ({"id": [9], "score": [0.1]}, "No id of predictions.parquet"),
        ({"id": [1], "score": [0.1], "label": ["no"]}, "other labels"),
    ],
)
def test_what_does_not_fit_is_said(logged: dict[str, list[object]], sentence: str):
    with pytest.raises(InvalidInput, match=sentence):
        scored_rows(pl.DataFrame(logged), KNOWN, TASK)

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from core.errors import InvalidInput
from core.modelling.split_plan import plan_split
from core.scoping.project import Task, TaskKind

TASK = Task(kind=TaskKind.BINARY, target="y", inputs=("x",), time="at", positive="1")
FRAME = pl.DataFrame(
    {
        "x": list(range(100)),
        "y": [None, None, *(i % 2 for i in range(98))],
        "at": [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=12 * i) for i in range(100)],
    }
)


def test_time_is_cut_between_two_days_and_rows_without_a_label_are_left_out():
    plan = plan_split(FRAME, TASK, zone=ZoneInfo("UTC"))
    assert plan.unlabelled == 2
    assert plan.train_rows + plan.holdout_rows == 98
    assert plan.holdout_from == datetime(2024, 2, 5, tzinfo=UTC)
    assert plan.holdout_rows == 30


def test_without_time_rows_are_drawn():
    plan = plan_split(FRAME, replace(TASK, time=None), zone=ZoneInfo("UTC"))
    assert plan.holdout_from is None
    assert plan.train_rows + plan.holdout_rows == 98


def test_a_table_that_does_not_fit_is_refused_in_words():
    with pytest.raises(InvalidInput, match="lacks the column"):
        plan_split(FRAME.drop("x"), TASK, zone=ZoneInfo("UTC"))

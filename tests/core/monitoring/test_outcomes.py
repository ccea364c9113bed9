"""A table of labels is read by the standard's names or the project's own; what cannot be read is said in a sentence."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.errors import InvalidInput
from core.monitoring.outcomes import outcomes_of
from core.scoping.project import Task, TaskKind

NOW = datetime(2026, 3, 9, 4, tzinfo=UTC)
TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("x",), entity="flight", positive="1")


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"entity_id": ["a", "b"], "label": [1, None]}),
        pl.DataFrame({"flight": ["a", "b"], "late": [1.0, None], "other": [3, 4]}),
        pl.DataFrame({"flight": ["a", "b"], "label": ["1", None]}),
    ],
)
def test_labels_are_found_by_either_name(frame: pl.DataFrame):
    assert outcomes_of(frame, TASK, arrived=NOW).rows() == [("a", "1", NOW)]


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (["2026-03-08T10:00:00Z"], datetime(2026, 3, 8, 10, tzinfo=UTC)),
        (["2026-03-08 10:00:00"], datetime(2026, 3, 8, 10, tzinfo=UTC)),
        ([date(2026, 3, 8)], datetime(2026, 3, 8, tzinfo=UTC)),
        ([datetime(2026, 3, 8, 10, tzinfo=UTC)], datetime(2026, 3, 8, 10, tzinfo=UTC)),
        ([None], NOW),
    ],
)
def test_when_a_label_was_known(observed: list[object], expected: datetime):
    frame = pl.DataFrame({"entity_id": ["a"], "label": [1], "observed_at": observed})
    if observed == [None]:
        frame = frame.with_columns(pl.col("observed_at").cast(pl.String))
    assert outcomes_of(frame, TASK, arrived=NOW)["observed_at"].to_list() == [expected]


@pytest.mark.parametrize(
    ("frame", "kind", "sentence"),
    [
        (pl.DataFrame({"label": [1]}), TaskKind.BINARY, "no column `entity_id` or `flight`"),
        (pl.DataFrame({"entity_id": ["a"]}), TaskKind.BINARY, "no column `label` or `late`"),
        (pl.DataFrame({"entity_id": [None], "label": [1]}), TaskKind.BINARY, "No row has both"),
        (pl.DataFrame({"entity_id": ["a"], "label": ["soon"]}), TaskKind.REGRESSION, "holds soon"),
        (
            pl.DataFrame({"entity_id": ["a"], "label": [1], "observed_at": ["noon"]}),
            TaskKind.BINARY,
            "`observed_at` is not a time",
        ),
    ],
)
def test_what_cannot_be_read_is_said(frame: pl.DataFrame, kind: TaskKind, sentence: str):
    from dataclasses import replace

    with pytest.raises(InvalidInput, match=sentence):
        outcomes_of(frame, replace(TASK, kind=kind), arrived=NOW)

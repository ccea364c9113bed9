"""Predictions and labels are there once, by the days they belong to, as they were known at a time."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.errors import InvalidInput
from core.storage.predictions import PREDICTION_COLUMNS, Predictions

START = datetime(2013, 7, 1, tzinfo=UTC)
FAR = START + timedelta(days=400)

APPENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import polars as pl
from core.storage.predictions import Predictions

folder, own = sys.argv[1:]
predictions = Predictions(Path(folder))
for sequence in range(5):
    for source in (own, "shared"):
        name = f"{source}-{sequence}"
        predictions.append("delays", pl.DataFrame({
            "request_id": [name], "row": [0], "day": ["2013-07-01"], "variant": ["champion"],
            "event_time": [datetime(2013, 7, 1, tzinfo=UTC)], "input_x": [1.0]}), source=source, sequence=sequence)
"""


@pytest.fixture
def predictions(tmp_path: Path) -> Predictions:
    return Predictions(tmp_path / "predictions")


def batch(day: int, rows: int = 3, **columns: Any) -> pl.DataFrame:
    """Rows of one New York day, two variants; their last ones lie in UTC's next day."""
    noon = START + timedelta(days=day, hours=16)
    times = [noon + timedelta(hours=11 * row / max(rows - 1, 1)) for row in range(rows)]
    one = pl.DataFrame(
        {
            "request_id": [f"r{day}-{row}" for row in range(rows)],
            "row": [0] * rows,
            "entity_id": [f"e{day}-{row}" for row in range(rows)],
            "event_time": times,
            "day": [(START + timedelta(days=day)).strftime("%Y-%m-%d")] * rows,
            "score": [0.1 * row for row in range(rows)],
            "input_distance": [float(row) for row in range(rows)],
            **columns,
        }
    )
    return pl.concat([one.with_columns(variant=pl.lit(variant)) for variant in ("champion", "shadow")])


def labels(*rows: tuple[str, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"entity_id": e, "label": label, "observed_at": START + timedelta(days=d)} for e, label, d in rows],
        schema_overrides={"label": pl.Float64},
    )


def test_an_endpoint_without_rows_has_the_right_columns(predictions: Predictions) -> None:
    empty = predictions.read("delays", starts=START, ends=FAR)
    assert dict(empty.schema) == PREDICTION_COLUMNS
    assert empty.is_empty()
    chosen = predictions.read("delays", starts=START, ends=FAR, columns=["score", "input_x"])
    assert chosen.columns == ["score", "input_x"]
    assert predictions.labels("delays", as_of=FAR).columns == [
        "entity_id",
        "label",
        "observed_at",
        "source",
        "revision",
    ]
    assert predictions.watermark("delays") is None
    predictions.compact("delays")


def test_a_table_older_than_a_column_reads_it_as_empty_and_takes_it_later(
    predictions: Predictions, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {"contract_version": [2, 2, 2], "broken_rules": [None, ["range: temp"], ["a", "b"]]}
    older = {name: kind for name, kind in PREDICTION_COLUMNS.items() if name not in marks}
    with monkeypatch.context() as before:
        before.setattr("core.storage.predictions.PREDICTION_COLUMNS", older)
        predictions.append("delays", batch(0), source="scorer", sequence=1)
        assert not set(marks) & set(predictions.read("delays", starts=START, ends=FAR).columns)
    old = predictions.read("delays", starts=START, ends=FAR, columns=list(marks))
    assert dict(old.schema) == {name: PREDICTION_COLUMNS[name] for name in marks}
    assert old.null_count().row(0) == (6, 6)
    predictions.append("delays", batch(1, **marks), source="scorer", sequence=2)
    predictions.compact("delays")
    both = predictions.read("delays", starts=START, ends=FAR, variants=["champion"], columns=list(marks))
    assert both["broken_rules"].to_list() == [None, None, None, None, ["range: temp"], ["a", "b"]]
    assert both["contract_version"].to_list() == [None, None, None, 2, 2, 2]


def test_a_repeated_batch_writes_nothing(predictions: Predictions) -> None:
    assert predictions.append("delays", batch(0), source="scorer", sequence=1) == 6
    assert predictions.append("delays", batch(0), source="scorer", sequence=1) == 0
    assert predictions.append("delays", batch(1), source="scorer", sequence=2) == 6
    assert predictions.append("delays", batch(1), source="another", sequence=1) == 6
    assert predictions.read("delays", starts=START, ends=FAR).height == 18


def test_spans_are_half_open_and_days_are_local(predictions: Predictions) -> None:
    for day in range(5):
        predictions.append("delays", batch(day), source="scorer", sequence=day)
    late = batch(1)["event_time"].max()
    assert isinstance(late, datetime)
    assert late.date() > (START + timedelta(days=1)).date()  # its day says the 2nd, UTC the 3rd
    one = predictions.read("delays", starts=late, ends=late + timedelta(microseconds=1))
    assert one["request_id"].unique().to_list() == ["r1-2"]
    assert predictions.read("delays", starts=late - timedelta(hours=1), ends=late).is_empty()
    assert predictions.days("delays") == [f"2013-07-0{n}" for n in range(1, 6)]
    assert predictions.watermark("delays") == batch(4)["event_time"].max()


def test_variants_and_columns_are_chosen(predictions: Predictions) -> None:
    predictions.append("delays", batch(0), source="scorer", sequence=1)
    found = predictions.read(
        "delays", starts=START, ends=FAR, variants=["shadow"], columns=["score", "input_distance", "input_new"]
    )
    assert found.to_dict(as_series=False) == {
        "score": [0.0, 0.1, 0.2],
        "input_distance": [0.0, 1.0, 2.0],
        "input_new": [None, None, None],
    }
    with pytest.raises(InvalidInput, match="colour"):
        predictions.read("delays", starts=START, ends=FAR, columns=["colour"])


def test_inputs_may_come_and_go(predictions: Predictions) -> None:
    predictions.append("delays", batch(0, input_carrier=[None] * 3), source="scorer", sequence=1)
    predictions.append("delays", batch(1, input_carrier=["AA", None, "UA"]), source="scorer", sequence=2)
    predictions.append("delays", batch(2).drop("input_distance"), source="scorer", sequence=3)
    found = predictions.read("delays", starts=START, ends=FAR, variants=["champion"])
    assert found["input_carrier"].to_list() == [None] * 3 + ["AA", None, "UA"] + [None] * 3
    assert found["input_distance"].null_count() == 3
    assert found.schema["score"] == pl.Float64


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"input_distance": ["far"] * 3}, "input_distance"),
        ({"colour": ["red"] * 3}, "input_colour"),
        ({"request_id": [None] * 3}, "request_id"),
        ({"event_time": [datetime(2013, 7, 1)] * 3}, "zone"),  # noqa: DTZ001
    ],
)
def test_rows_of_another_shape_are_refused(predictions: Predictions, change: dict[str, Any], word: str) -> None:
    predictions.append("delays", batch(0), source="scorer", sequence=1)
    with pytest.raises(InvalidInput, match=word):
        predictions.append("delays", batch(1, **change), source="scorer", sequence=2)
    assert predictions.read("delays", starts=START, ends=FAR).height == 6


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", ".."])
def test_an_endpoint_is_no_path(predictions: Predictions, name: str) -> None:
    with pytest.raises(InvalidInput, match="endpoint"):
        predictions.watermark(name)


def test_labels_are_read_as_they_were_known(predictions: Predictions) -> None:
    first = labels(("a", 1.0, 1), ("b", 0.0, 1), ("c", None, 1))
    assert predictions.append_labels("delays", first, source="file-1", sequence=1) == 2
    assert predictions.append_labels("delays", first, source="file-1", sequence=1) == 0
    predictions.append_labels("delays", labels(("a", 0.0, 5), ("d", 1.0, 5)), source="file-2", sequence=1)
    predictions.append_labels("delays", labels(("b", 1.0, 1)), source="file-3", sequence=1)

    def known(days: int) -> dict[str, float]:
        found = predictions.labels("delays", as_of=START + timedelta(days=days))
        return dict(zip(found["entity_id"], found["label"], strict=True))

    assert known(0) == {}
    assert known(1) == {"a": 1.0, "b": 1.0}  # of two labels of one time, the one that was sent later
    assert known(4) == known(1)
    assert known(5) == {"a": 0.0, "b": 1.0, "d": 1.0}


def test_text_labels(predictions: Predictions) -> None:
    frame = labels(("a", 1.0, 1)).with_columns(label=pl.lit("late"))
    predictions.append_labels("delays", frame, source="file", sequence=1)
    assert predictions.labels("delays", as_of=FAR)["label"].to_list() == ["late"]
    with pytest.raises(InvalidInput, match="label"):
        predictions.append_labels("delays", labels(("a", 1.0, 1)), source="file", sequence=2)


def test_compacting_keeps_every_row_and_joins_files(predictions: Predictions, tmp_path: Path) -> None:
    for sequence in range(12):
        predictions.append("delays", batch(sequence % 2), source="scorer", sequence=sequence)
    before = predictions.read("delays", starts=START, ends=FAR)
    predictions.compact("delays")
    assert predictions.read("delays", starts=START, ends=FAR).equals(before)
    assert predictions.append("delays", batch(0), source="scorer", sequence=11) == 0  # still known as written
    assert pl.scan_delta(tmp_path / "predictions/delays/predictions").collect().height == before.height


def test_processes_that_append_at_once_double_nothing(predictions: Predictions, tmp_path: Path) -> None:
    command = [sys.executable, "-c", APPENDER, str(tmp_path / "predictions")]
    started = [subprocess.Popen([*command, f"own{n}"], stderr=subprocess.PIPE, text=True) for n in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], errors
    found = predictions.read("delays", starts=START, ends=FAR)["request_id"].to_list()
    expected = [f"{source}-{n}" for source in ("own0", "own1", "own2", "shared") for n in range(5)]
    assert sorted(found) == expected

"""What the command line and the page show is plain JSON, for one file and for two."""

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.data.check import Beside
from core.data.in_full import picture_of, tables_in_full
from core.data.profile import profile
from core.data.report import compare_files, opened_copy, printed_comparison, validate_file
from core.errors import UnreadableFile

NOW = datetime(2013, 7, 1, tzinfo=UTC)
PRACTICE = Path(__file__).parents[3] / "sample_data" / "practice"
FINDING = {"check", "column", "severity", "status", "count", "share", "interval", "sample", "message"}
DRIFT = {
    *("column", "kind", "verdict", "method", "effect", "interval", "p_value", "q_value"),
    *("n_reference", "n_current", "n_blocks", "note"),
}


def test_the_broken_month() -> None:
    report = validate_file(PRACTICE / "january_broken.csv", now=NOW)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert set(report) == {"rows", "columns", "findings"}
    assert all(set(finding) == FINDING for finding in report["findings"])
    found = {(f["check"], f["column"]) for f in report["findings"] if f["status"] == "failed"}
    assert {("sentinel_numbers", "temp"), ("duplicate_rows", None), ("future_dates", "scheduled_at")} <= found


def test_the_clean_month_has_no_error_and_few_warnings() -> None:
    report = validate_file(PRACTICE / "january_clean.csv", now=NOW)
    failed = [f for f in report["findings"] if f["status"] == "failed" and f["severity"] != "info"]
    assert {f["check"] for f in failed} == {"missing_values"}
    assert {f["severity"] for f in failed} == {"warning"}
    assert not any(f["status"] == "crashed" for f in report["findings"])


def test_the_broken_month_against_the_clean_one() -> None:
    report = compare_files(PRACTICE / "january_clean.csv", PRACTICE / "january_broken.csv")
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert all(set(column) == DRIFT for column in report["columns"])
    assert report["verdict"] == "drifted"
    columns = {column["column"]: column for column in report["columns"]}
    assert columns["carrier"]["verdict"] == "drifted"
    assert "miles per hour have become knots" in columns["wind_speed"]["note"]
    assert set(printed_comparison(report)) == {"verdict", "columns"}
    assert columns["flight_id"]["verdict"] == "not_applicable"
    assert columns["carrier"]["n_blocks"] > 20  # days, not rows


def test_the_broken_month_beside_the_clean_one_has_its_slips_named() -> None:
    with opened_copy(PRACTICE / "january_clean.csv") as (clean, _):
        report = validate_file(PRACTICE / "january_broken.csv", now=NOW, beside=Beside(reference=clean))
    slips = {f["column"]: f["message"] for f in report["findings"] if f["check"] == "mechanical_cause"}
    assert set(slips) == {None, "temp", "wind_speed", "carrier"}
    assert "miles per hour have become knots" in slips["wind_speed"]
    assert "'UA' is 'United'" in slips["carrier"]


def rows(count: int, *, seed: int, hours: float) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "at": [datetime.fromisoformat("2013-01-01") + timedelta(hours=hours * i) for i in range(count)],
            "wind_speed": chance.normal(10, 3, count),
            "kind": chance.choice(["a", "b", "c"], count),
        }
    )


def test_rows_are_blocks_where_there_are_few_days(tmp_path: Path) -> None:
    rows(500, seed=1, hours=0.01).write_csv(tmp_path / "one.csv")
    rows(500, seed=2, hours=0.01).write_csv(tmp_path / "two.csv")
    report = compare_files(tmp_path / "one.csv", tmp_path / "two.csv")
    assert report["verdict"] != "drifted"
    assert {c["n_blocks"] for c in report["columns"] if c["column"] == "wind_speed"} == {500}


def test_a_renamed_column_is_noted(tmp_path: Path) -> None:
    rows(500, seed=1, hours=6).write_parquet(tmp_path / "one.parquet")
    rows(500, seed=2, hours=6).rename({"wind_speed": "WindSpeed", "kind": "sort"}).write_csv(tmp_path / "two.csv")
    report = compare_files(tmp_path / "one.parquet", tmp_path / "two.csv")
    notes = {column["column"]: column["note"] for column in report["columns"]}
    assert "'WindSpeed'" in notes["wind_speed"]
    assert "'kind'" in notes["sort"]
    assert "day of the row" not in notes


def test_the_name_in_a_message_is_the_one_that_people_know(tmp_path: Path) -> None:
    (tmp_path / "upload-1").write_bytes(b"")
    with pytest.raises(UnreadableFile, match=r"sales\.csv"):
        validate_file(tmp_path / "upload-1", now=NOW, name="sales.csv")


def test_a_profile_is_plain(tmp_path: Path) -> None:
    frame = rows(300, seed=1, hours=6).with_columns(
        far=pl.Series([math.inf, math.nan, -1e300, *[1.0] * 297]), empty=pl.lit(None, pl.String), yes=pl.lit(value=True)
    )
    frame.write_parquet(tmp_path / "file.parquet")
    figures = profile(tmp_path / "file.parquet")
    json.dumps(figures, allow_nan=False)
    assert list(figures) == frame.columns
    assert [column["kind"] for column in figures.values()] == ["time", "number", "text", "number", "text", "boolean"]
    wind = figures["wind_speed"]
    histogram = wind["histogram"]
    assert len(histogram["edges"]) == len(histogram["counts"]) + 1
    assert sum(histogram["counts"]) + histogram["below"] + histogram["above"] == 300
    assert wind["mean"] == pytest.approx(frame["wind_speed"].mean())
    assert figures["kind"]["top"][0]["count"] == frame["kind"].value_counts()["count"].max()
    assert figures["at"]["min"] == "2013-01-01T00:00:00"
    assert figures["far"]["nulls"] == 1


def test_strange_values_crash_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "huge": [1e308, -1e308, 5e-324] * 10,
            "long": ["x" * 100_000, "", "\x00"] * 10,
            "early": pl.Series([-100_000_000_000_000_000, 0, 300_000_000_000_000_000] * 10).cast(pl.Datetime("us")),
            "big": pl.Series([2**64 - 1, 0, 1] * 10, dtype=pl.UInt64),
            "nothing": [None] * 30,
            "list": [[1], [], None] * 10,
            "bytes": [b"\xff\x00", b"", None] * 10,
            "span": [timedelta(days=1), timedelta(0), None] * 10,
        }
    )
    frame.write_parquet(tmp_path / "file.parquet")
    report = validate_file(tmp_path / "file.parquet", now=NOW)
    json.dumps(report, allow_nan=False)
    assert [f["message"] for f in report["findings"] if f["status"] == "crashed"] == []


def test_what_is_drawn_of_two_files_is_kept_with_their_comparison() -> None:
    rng = np.random.default_rng(3)
    before = pl.DataFrame({"x": rng.normal(size=400), "kind": rng.choice(["a", "b"], 400)})
    after = pl.DataFrame({"x": rng.normal(2, 1, size=400), "kind": rng.choice(["a", "b"], 400)})
    result = json.loads(json.dumps(tables_in_full(before, after)))
    picture = picture_of(result, "x")
    assert picture is not None
    assert picture.is_number
    assert 1.5 < picture.lower[7] < picture.upper[7] < 2.5
    levels = picture_of(result, "kind")
    assert levels is not None
    assert set(levels.levels) == {"a", "b"}
    assert picture_of(result, "no such column") is None

"""What is true of the flights of 2013 is found by the checks that run on any table.

The figures are those of sample_data/README.md, counted from the files themselves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from core.data.all_rows import rows_of
from core.data.finding import CheckStatus, Finding, Severity
from core.data.validation import validate
from core.frames.opened import Opened
from sample_data import ARRIVALS, FLIGHTS

NOW = datetime(2014, 6, 1, tzinfo=UTC)
OPENED = Opened(rows=336_776, columns=())
WEEK = "week"  # of seven days each, counted from 1 January


@pytest.fixture(scope="module")
def found() -> Mapping[tuple[str, str | None], Finding]:
    findings = validate(FLIGHTS, OPENED, now=NOW).findings
    assert not [f for f in findings if f.status is CheckStatus.CRASHED]
    return {(f.check, f.column): f for f in findings if f.status is CheckStatus.FAILED}


def test_jfk_reads_13_1_on_8_may(found: Mapping[tuple[str, str | None], Finding]) -> None:
    spike = found["spikes_in_time", "temp"]
    assert "where `origin` is “JFK”, it is 13.1 between 57.02 and 57.2" in spike.message
    assert "2013-05-09 02:45" in spike.message  # UTC: a quarter to eleven in the evening of 8 May in New York
    rows = rows_of(FLIGHTS, OPENED, spike, now=NOW)
    assert rows.height == spike.count == 6
    assert set(rows["temp"]) == {13.1}
    assert set(rows["origin"]) == {"JFK"}
    local = rows["scheduled_at"].dt.convert_time_zone("America/New_York")
    assert set(local.dt.strftime("%d %B %H")) == {"08 May 22"}


def test_31_december_has_no_weather(found: Mapping[tuple[str, str | None], Finding]) -> None:
    silent = found["silent_periods", "temp"]
    assert "`temp`, `dewp`, `humid`" in silent.message
    rows = rows_of(FLIGHTS, OPENED, silent, now=NOW)
    day = pl.col("scheduled_at").dt.convert_time_zone("America/New_York").dt.strftime("%m-%d") == "12-31"
    assert rows.filter(day).height == pl.scan_parquet(FLIGHTS).filter(day).select(pl.len()).collect().item()
    assert rows["temp"].null_count() == rows.height


def test_age_is_missing_by_carrier(found: Mapping[tuple[str, str | None], Finding]) -> None:
    by_carrier = found["missing_by_group", "age"]
    assert "`age` is empty by `carrier`: in 96.2 % of “MQ” and 69.5 % of “AA”" in by_carrier.message


def test_pressure_is_missing_in_a_ninth(found: Mapping[tuple[str, str | None], Finding]) -> None:
    missing = found["missing_values", "pressure"]
    assert (missing.count, round(missing.share, 3)) == (38_788, 0.115)
    assert "`pressure` (11.5 %)" in found["missing_values", None].message


def test_airports_that_are_new_in_the_year(found: Mapping[tuple[str, str | None], Finding]) -> None:
    late = found["late_levels", "dest"].message
    assert "“ABQ” on 2013-04-22" in late
    assert "“ACK” and “MVY” on 2013-05-16" in late


def test_three_in_a_hundred_never_get_a_label(tmp_path: Path) -> None:
    flights = pl.scan_parquet(FLIGHTS).join(pl.scan_parquet(ARRIVALS), on="flight_id", how="left")
    local = pl.col("scheduled_at").dt.convert_time_zone("America/New_York")
    joined = tmp_path / "joined.parquet"
    flights.select("late", "scheduled_at", ((local.dt.ordinal_day() - 1) // 7 + 1).alias(WEEK)).sink_parquet(joined)
    findings = validate(joined, OPENED, now=NOW).findings
    (missing,) = [f for f in findings if (f.check, f.column) == ("missing_values", "late")]
    assert (missing.count, round(missing.share, 3)) == (9_430, 0.028)
    rows = rows_of(joined, OPENED, missing, now=NOW)
    flown = pl.read_parquet(joined)
    share = rows.filter(pl.col(WEEK) == 26).height / flown.filter(pl.col(WEEK) == 26).height
    assert round(share, 2) == 0.08


def test_the_flights_are_told_calmly(found: Mapping[tuple[str, str | None], Finding]) -> None:
    warnings = [key for key, finding in found.items() if finding.severity is Severity.WARNING]
    assert sorted(warnings, key=str) == [("missing_values", None), ("spikes_in_time", "temp")]

"""Which inputs the flights project's weeks say have drifted from January and February, as its Drift page does."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import pytest

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import compare_columns
from sample_data import FLIGHTS

INPUTS = (
    "minute_of_day", "dow", "distance", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib", "age",
    "seats", "carrier", "origin", "dest",
)  # fmt: skip


@pytest.fixture(scope="module")
def flights() -> pl.DataFrame:
    local = pl.col("scheduled_at").dt.convert_time_zone("America/New_York").dt.date()
    return pl.read_parquet(FLIGHTS).with_columns(day=local.cast(pl.String))


def week_to(end: date, flights: pl.DataFrame) -> Mapping[str, ColumnDrift]:
    """Compare the seven days before ``end`` with January and February."""
    day = pl.col("day")
    week = flights.filter(day < str(end), day >= str(end - timedelta(days=7)))
    found = compare_columns(flights.filter(day < "2013-03-01"), week, block="day", columns=INPUTS)
    return {column.column: column for column in found}


def drifted(found: Mapping[str, ColumnDrift]) -> set[str]:
    return {name for name, column in found.items() if column.verdict is DriftVerdict.DRIFTED}


def test_the_last_week_of_june_is_hotter_damper_and_flies_elsewhere(flights: pl.DataFrame) -> None:
    found = week_to(date(2013, 7, 1), flights)
    assert drifted(found) == {"temp", "dewp", "dest"}
    assert {found[name].verdict for name in ("minute_of_day", "carrier", "origin")} == {DriftVerdict.STABLE}
    temp = found["temp"]
    assert temp.interval is not None
    assert temp.interval.lower > 0.4  # an interval that held 0 stood here beside "drifted"


@pytest.mark.parametrize(
    ("end", "moved"),
    [
        (date(2013, 3, 8), set[str]()),
        (date(2013, 4, 8), set[str]()),
        (date(2013, 4, 29), {"temp"}),
        (date(2013, 5, 27), {"temp", "dewp"}),
    ],
)
def test_the_warmth_of_spring_is_told_from_winter_once_it_is_there(
    end: date, moved: set[str], flights: pl.DataFrame
) -> None:
    assert drifted(week_to(end, flights)) == moved

"""Rows of one day resemble one another, however the day is written."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from core.data.side_by_side import compare_tables, shared_time


def month(seed: int, written: str) -> pl.DataFrame:
    """Give ten days of which each has its own level: among rows that would be a difference, among days it is none."""
    rng = np.random.default_rng(seed)
    place, level = rng.integers(0, 10, 2000), rng.normal(size=10)
    days = pl.Series([date(2024, seed, 1) + timedelta(days=int(day)) for day in place])
    return pl.DataFrame(
        {"x": level[place] + rng.normal(size=2000), "at": days if not written else days.dt.strftime(written)}
    )


@pytest.mark.parametrize("written", ["", "%Y-%m-%d", "%Y-%m-%dT10:30:00", "%Y-%m-%d 10:30"])
def test_days_are_blocks_where_they_are_dates_and_where_they_are_iso_text(written: str) -> None:
    found = compare_tables(month(1, written), month(2, written)).columns[0]
    as_dates = compare_tables(month(1, ""), month(2, "")).columns[0]
    assert (found.n_blocks, found.verdict, found.p_value) == (as_dates.n_blocks, as_dates.verdict, as_dates.p_value)
    assert found.n_blocks == 10


@pytest.mark.parametrize("text", ["2024-13-45", "20240101-x", "2024-01-01x", ""])
def test_text_that_is_no_date_is_no_day(text: str) -> None:
    table = month(1, "%Y-%m-%d")
    spoilt = table.with_columns(pl.when(pl.int_range(pl.len()) == 1999).then(pl.lit(text)).otherwise("at").alias("at"))
    assert shared_time(table, spoilt) is None
    assert shared_time(table, table) == "at"

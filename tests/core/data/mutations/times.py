"""Defects of times (appendix 2)."""

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from tests.core.data.mutations.defect import Column, Defect, write, write_where

DEFAULT = datetime(1900, 1, 1)  # noqa: DTZ001 - times of the tables have no zone

HOURLY = ("temperatures",)  # flights leave as they will, and the weather of that night was not written down
REGULAR = ("weather", "temperatures", "seattle")


def time(values: pl.Series) -> bool:
    """Tell whether a column holds times."""
    return values.dtype.is_temporal()


def clock(values: pl.Series) -> bool:
    """Tell whether a column holds times of the day."""
    return isinstance(values.dtype, pl.Datetime)


def _swap_day(values: pl.Series, rows: pl.Series) -> pl.Series:
    both = values.dt.day() <= 12
    hour = [values.dt.hour()] if clock(values) else []
    swapped = pl.datetime(values.dt.year(), values.dt.day().clip(1, 12), values.dt.month(), *hour)
    swapped = pl.select(swapped).to_series().cast(values.dtype)
    return pl.select(pl.when(rows & both).then(swapped).otherwise(values)).to_series()


def _as_seconds(values: pl.Series, rows: pl.Series) -> pl.Series:
    return (values.cast(pl.Datetime("us")).to_physical() // 1_000).cast(pl.Datetime("us"))


def _later(values: pl.Series, rows: pl.Series) -> pl.Series:
    return values.dt.offset_by("1h")


def _clocks_put_back(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    """Return the table with the hour after one o'clock written as one o'clock again, on a Sunday in November."""
    year = frame[column].dt.year()[0]
    sunday = next(date(year, 11, day) for day in range(1, 8) if date(year, 11, day).weekday() == 6)
    night = (pl.col(column).dt.date() == sunday) & (pl.col(column).dt.hour() == 2)
    earlier = pl.when(night).then(pl.col(column).dt.offset_by("-1h")).otherwise(pl.col(column))
    return frame.with_columns(earlier.alias(column))


def _without_a_day(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    days = frame[column].dt.date()
    return frame.filter(days != sorted(days.drop_nulls())[frame.height // 2])


def _without_the_newest(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.filter(pl.col(column) <= frame[column].unique().sort()[-11])


def _late_rows(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    """Return the table in the order of time, but for the chosen rows, which come at the end, newest first."""
    ordered = frame.sort(column)
    return pl.concat([ordered.filter(~rows), ordered.filter(rows).reverse()])


TIMES: Mapping[str, Defect] = {
    "an hour later": Defect(
        put=write(lambda x: x.dt.offset_by("1h")), check="mechanical_cause", cause="clock", fits=clock, beside=True
    ),
    "an hour later throughout": Defect(
        put=write_where(_later), check="mechanical_cause", cause="clock", fits=clock, beside=True
    ),
    "day and month swapped": Defect(
        put=write_where(_swap_day), check="mechanical_cause", cause="day and month", fits=time, beside=True, share=0.05
    ),
    "dates of the future": Defect(put=write(lambda x: x.dt.offset_by("100y")), check="future_dates", fits=time),
    "a default date": Defect(
        put=write(lambda _: pl.lit(DEFAULT).cast(pl.Datetime("us"))), check="early_dates", fits=clock
    ),
    "milliseconds read as seconds": Defect(
        put=write_where(_as_seconds), check="mechanical_cause", cause="seconds", fits=clock, beside=True
    ),
    "clocks put back": Defect(
        put=_clocks_put_back, check="repeated_times", cause="clocks are put back", fits=clock, tables=HOURLY
    ),
    "a day is missing": Defect(put=_without_a_day, check="time_gaps", fits=time),
    "the newest rows are late": Defect(put=_without_the_newest, check="freshness", fits=time, tables=REGULAR),
    "late rows at the end": Defect(put=_late_rows, check="time_order", fits=time),
}

"""Defects of times (appendix 2)."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from polars import col

from tests.core.data.mutations.defect import Column, Defect, write, write_where


def time(values: pl.Series) -> bool:
    """Tell whether a column holds times."""
    return values.dtype.is_temporal()


def clock(values: pl.Series) -> bool:
    """Tell whether a column holds times of the day."""
    return isinstance(values.dtype, pl.Datetime)


def _swap_day(values: pl.Series, rows: pl.Series) -> pl.Series:
    both = values.dt.day() <= 12
    swapped = pl.select(
        pl.datetime(values.dt.year(), values.dt.day().clip(1, 12), values.dt.month(), *([values.dt.hour()] if clock(values) else []))
    ).to_series().cast(values.dtype)
    return pl.select(pl.when(rows & both).then(swapped).otherwise(values)).to_series()


def _as_number(factor: int) -> object:
    def change(values: pl.Series, rows: pl.Series) -> pl.Series:
        return values.cast(pl.Datetime("ms")).dt.epoch("ms") // factor

    return change


def _one_day_gone(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    days = frame[column].cast(pl.Date)
    return frame.filter(days != days.sort()[len(days) // 2])


TIMES: Mapping[str, Defect] = {
    "an hour later": Defect(
        put=write(lambda x: x.dt.offset_by("1h")), check="mechanical_cause", cause="clock", fits=clock, beside=True
    ),
    "an hour later throughout": Defect(
        put=write_where(lambda v, rows: v.dt.offset_by("1h")), check="mechanical_cause", cause="clock", fits=clock, beside=True
    ),
    "day and month swapped": Defect(
        put=write_where(_swap_day), check="mechanical_cause", cause="day and month", fits=time, beside=True, share=0.05
    ),
    "dates of the future": Defect(
        put=write(lambda x: x.dt.offset_by("100y")), check="future_dates", fits=time
    ),
    "a default date": Defect(
        put=write(lambda x: pl.lit(datetime(1900, 1, 1)).cast(pl.Datetime("us"))), check="early_dates", fits=clock
    ),
    "milliseconds read as seconds": Defect(
        put=write_where(lambda v, rows: (v.cast(pl.Datetime("us")).to_physical() // 1_000).cast(pl.Datetime("us"))), check="mechanical_cause", cause="seconds", fits=clock, beside=True
    ),
}

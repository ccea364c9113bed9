"""Defects of times (appendix 2)."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from tests.core.data.mutations.defect import Defect, write, write_where

DEFAULT = datetime(1900, 1, 1)  # noqa: DTZ001 - times of the tables have no zone


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
}

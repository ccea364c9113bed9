"""Defects of numbers (appendix 2), in 1 % of the rows."""

from collections.abc import Mapping

import polars as pl

from tests.core.data.mutations.defect import Column, Defect, write, write_where

MEASURED = 30


def measured(values: pl.Series) -> bool:
    """Tell whether a column is a measurement: a number of many different values, present in most rows."""
    return values.dtype.is_numeric() and values.n_unique() > MEASURED and values.null_count() < 0.2 * len(values)


def fractions(values: pl.Series) -> bool:
    """Tell whether most values of a measurement have decimals."""
    return measured(values) and values.dtype.is_float() and bool((values != values.round()).mean() > 0.7)


def large_fractions(values: pl.Series) -> bool:
    """Tell whether rounding leaves more than zeros of a measurement with decimals: else it is a zero fill."""
    return fractions(values) and bool((values.abs() > 1).mean() > 0.9)


def varied_fractions(values: pl.Series) -> bool:
    """Tell whether the values have different numbers of decimals."""
    return fractions(values) and bool((values * 10 == (values * 10).round()).mean() < 0.8)


def positive(values: pl.Series) -> bool:
    """Tell whether a measurement has positive values only."""
    return measured(values) and bool(values.min() > 0)


def narrow(values: pl.Series) -> bool:
    """Tell whether no value of a positive measurement is far larger than the middle one."""
    return positive(values) and bool(values.max() < 20 * values.median())


def lively(values: pl.Series) -> bool:
    """Tell whether a measurement of several hundred rows is another one in nearly every row."""
    return measured(values) and len(values) >= 300 and bool((values != values.shift()).mean() > 0.7)


def lively_positive(values: pl.Series) -> bool:
    """Tell whether a positive measurement is another one in nearly every row, and not in the order of the rows."""
    return positive(values) and bool((values != values.shift()).mean() > 0.7)


def with_a_top(values: pl.Series) -> bool:
    """Tell whether several values lie beyond the 95th percentile: of one alone, the level is merged, not cut off."""
    return measured(values) and values.filter(values > values.quantile(0.95, "nearest")).n_unique() > 1


def _comma(values: pl.Series, rows: pl.Series) -> pl.Series:
    lost = [float(str(value).replace(".", "")) if value is not None else None for value in values.to_list()]
    return pl.select(pl.when(rows).then(pl.Series(lost)).otherwise(values)).to_series()


def _clip(values: pl.Series, rows: pl.Series) -> pl.Series:
    return values.clip(upper_bound=float(values.quantile(0.95, "nearest")))


def _saturate(values: pl.Series, rows: pl.Series) -> pl.Series:
    top = values.cast(float).max() * 1.0
    return pl.select(pl.when(rows).then(top).otherwise(values)).to_series()


def _swap(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    other = next(n for n in reversed(frame.columns) if n != column and measured(frame[n]))
    return frame.with_columns(
        pl.when(rows).then(pl.col(other)).otherwise(pl.col(column)).alias(column),
        pl.when(rows).then(pl.col(column)).otherwise(pl.col(other)).alias(other),
    )


def _shuffle(values: pl.Series, rows: pl.Series) -> pl.Series:
    return values.shuffle(seed=5)


def _stand_still(values: pl.Series, rows: pl.Series) -> pl.Series:
    start, size = len(values) // 3, max(60, len(values) // 20)
    inside = pl.int_range(len(values), eager=True).is_between(start, start + size - 1)
    return pl.select(pl.when(inside).then(values.drop_nulls()[start // 2]).otherwise(values)).to_series()


def _thousandfold_from_the_middle(values: pl.Series, rows: pl.Series) -> pl.Series:
    late = pl.int_range(len(values), eager=True) >= len(values) // 2
    return pl.select(pl.when(late).then(values * 1_000).otherwise(values)).to_series()


NUMBERS: Mapping[str, Defect] = {
    "multiplied by 1,000": Defect(
        put=write(lambda x: x * 1_000), check="mechanical_cause", cause="another unit", fits=positive, beside=True
    ),
    "multiplied by 1,000, alone": Defect(put=write(lambda x: x * 1_000), check="outliers", fits=narrow),
    "pounds to kilograms": Defect(
        put=write(lambda x: x * 0.4536), check="mechanical_cause", cause="kilograms", fits=positive, beside=True
    ),
    "knots for miles per hour": Defect(
        put=write(lambda x: x / 1.1508), check="mechanical_cause", cause="knots", fits=positive, beside=True
    ),
    "Fahrenheit to Celsius": Defect(
        put=write(lambda x: (x - 32) * 5 / 9), check="mechanical_cause", cause="Celsius", fits=fractions, beside=True
    ),
    "sign turned": Defect(put=write(lambda x: -x), check="mechanical_cause", cause="sign", fits=positive, beside=True),
    "sign turned, values": Defect(put=write(lambda x: -x), check="new_values", fits=positive, beside=True),
    "constant added": Defect(
        put=write(lambda x: x + 17), check="mechanical_cause", cause="constant", fits=measured, beside=True, share=0.04
    ),
    "rounded": Defect(
        put=write(lambda x: x.round()), check="mechanical_cause", cause="rounded", fits=large_fractions, beside=True
    ),
    "cut off at the 95th percentile": Defect(
        put=write_where(_clip), check="mechanical_cause", cause="cut off", fits=with_a_top, beside=True
    ),
    "a sensor at its end": Defect(
        put=write_where(_saturate), check="mechanical_cause", cause="one value", fits=measured, beside=True
    ),
    "a sensor that stands still": Defect(
        put=write_where(_stand_still), check="stuck_values", cause="on end, from row", fits=lively
    ),
    "another unit from the middle on": Defect(
        put=write_where(_thousandfold_from_the_middle),
        check="unit_change",
        cause="1,000 times those before",
        fits=lively_positive,
    ),
    "-999 for missing": Defect(put=write(lambda _: pl.lit(-999)), check="sentinel_numbers", fits=positive),
    "-999 for missing, beside": Defect(
        put=write(lambda _: pl.lit(-999)), check="mechanical_cause", cause="-999", fits=narrow, beside=True
    ),
    "zero for missing": Defect(
        put=write(lambda _: pl.lit(0)), check="mechanical_cause", cause="zero", fits=positive, beside=True
    ),
    "decimal comma lost": Defect(
        put=write_where(_comma), check="mechanical_cause", cause="decimal comma", fits=varied_fractions, beside=True
    ),
    "two columns swapped": Defect(
        put=_swap, check="mechanical_cause", cause="two columns swapped", fits=measured, beside=True, two=True
    ),
    "a column shuffled": Defect(
        put=write_where(_shuffle), check="mechanical_cause", cause="shuffled", fits=measured, beside=True
    ),
}

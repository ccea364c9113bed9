"""A column read as the type that it was agreed to have: a value that is none of that type becomes missing."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

_TIMES = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")


def missing(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return whether a cell is empty; a number that is none counts as empty."""
    gone = pl.col(column).is_null()
    return gone | pl.col(column).is_nan().fill_null(value=False) if dtype.is_float() else gone


def typed(column: str, dtype: pl.DataType, declared: str | None) -> pl.Expr:
    """Return a column as ``declared``; as it is, where no type was agreed or it is an unknown one."""
    reads = _READS.get(declared or "")
    plain = pl.col(column).fill_nan(None) if dtype.is_float() else pl.col(column)
    return reads(plain, dtype) if reads else _naive(plain, dtype)


def _text(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.String:
        return values
    if dtype.is_float():  # 3.0 in a column that was read out of text was written 3
        whole = (values == values.floor()) & (values.abs() < 1e15)
        return (
            pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))
        )
    return values.cast(pl.String, strict=False)


def _integer(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_integer():
        return values
    if dtype.is_float() or dtype.is_decimal():
        return pl.when(values == values.floor()).then(values.cast(pl.Int64, strict=False))
    return values.str.strip_chars().cast(pl.Int64, strict=False) if dtype == pl.String else _nothing(pl.Int64())


def _number(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_numeric():
        return values
    return (
        values.str.strip_chars().cast(pl.Float64, strict=False).fill_nan(None)
        if dtype == pl.String
        else _nothing(pl.Float64())
    )


def _boolean(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return values
    if dtype != pl.String:
        return _nothing(pl.Boolean())
    said = values.str.strip_chars().str.to_lowercase()
    return pl.when(said == "true").then(pl.lit(value=True)).when(said == "false").then(pl.lit(value=False))


def _date(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return values
    if isinstance(dtype, pl.Datetime):
        return pl.when(values == values.dt.truncate("1d")).then(values.dt.date())
    return values.str.strip_chars().str.to_date("%Y-%m-%d", strict=False) if dtype == pl.String else _nothing(pl.Date())


def _timestamp(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return values.cast(pl.Datetime("us"))
    if isinstance(dtype, pl.Datetime):
        return _naive(values, dtype)
    if dtype != pl.String:
        return _nothing(pl.Datetime("us"))
    said = values.str.strip_chars()
    zoned = [said.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC") for form in _ZONED]
    plain = [said.str.to_datetime(form, strict=False, time_unit="us") for form in _TIMES]
    day = said.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    return pl.coalesce(*plain, *(z.dt.replace_time_zone(None) for z in zoned), day)


def _naive(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return times in UTC, without saying so: what they are compared with has no zone either."""
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return values


def _nothing(dtype: pl.DataType) -> pl.Expr:
    return pl.lit(None, dtype)


_READS: Mapping[str, Callable[[pl.Expr, pl.DataType], pl.Expr]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}


def moment(value: Any) -> datetime | None:
    """Return an ISO text as a time in UTC without a zone; nothing where it is none."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day, tzinfo=UTC)
    else:
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def type_of(dtype: pl.DataType) -> str | None:
    """Return the name that the data contract standard has for a type; nothing for lists and the like."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.Datetime):
        return "timestamp"
    if dtype == pl.Boolean:
        return "boolean"
    if dtype == pl.Date:
        return "date"
    return "string" if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)) else None

"""Tables that may be larger than this machine: three acts, and only aggregates cross the boundary.

The acts are narwhals expressions. They run on Polars, lazily and streaming, and on Spark where the data live on a
cluster (``fullcircle[spark]``); both give the same figures. Tables are handed over as Parquet, never as pandas frames,
in which Spark makes a missing text the word ``nan``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from core.frames.histogram import Histogram
from core.frames.summary import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A column as an engine keeps it: under a plain name, as number, truth value or text; times as microseconds."""

    name: str
    kind: Kind
    type: str
    floating: bool

    @property
    def finite(self) -> nw.Expr:
        """Return the values without NaN and infinities."""
        value = nw.col(self.name)
        return nw.when(value.is_finite()).then(value) if self.floating else value

    @property
    def numbers(self) -> nw.Expr:
        """Return the finite values as floating-point numbers; times as seconds since 1970."""
        finite = self.finite.cast(nw.Float64)
        return finite / 1e6 if self.kind == "time" else finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A table on some engine, and how it keeps each column."""

    table: nw.LazyFrame[Any]
    columns: Mapping[str, Kept]

    def aggregate(self, expressions: Mapping[str, nw.Expr]) -> dict[str, Any]:
        """Return one figure for each expression."""
        names = {f"f{place}": name for place, name in enumerate(expressions)}
        figures = [expression.alias(short) for short, expression in zip(names, expressions.values(), strict=True)]
        found = _collected(self.table.select(*figures)).rows(named=True)[0] if figures else {}
        return {names[short]: figure for short, figure in found.items()}

    def bucket_counts(self, column: str, edges: Sequence[float]) -> Histogram:
        """Count finite numbers (times as seconds) between increasing ``edges``."""
        value = self.columns[column].numbers
        places = [(value >= edge).cast(nw.Int64) for edge in edges[:-1]] + [(value > edges[-1]).cast(nw.Int64)]
        counts = self.level_counts(nw.when(~value.is_null()).then(nw.sum_horizontal(*places))) or {}
        return Histogram(
            edges=tuple(float(edge) for edge in edges),
            counts=tuple(counts.get(place, 0) for place in range(1, len(edges))),
            below=counts.get(0, 0),
            above=counts.get(len(edges), 0),
        )

    def level_counts(self, column: str | nw.Expr, *, cap: int | None = None) -> dict[Any, int] | None:
        """Count each different value of a column or expression, missing ones apart; ``None`` above ``cap`` of them."""
        values = self.columns[column].finite if isinstance(column, str) else column
        present = self.table.select(values.alias("value")).filter(~nw.col("value").is_null())
        counted = present.group_by("value").agg(nw.len().alias("count"))
        found = _collected(counted if cap is None else counted.head(cap + 1))
        if cap is not None and len(found) > cap:
            return None
        return dict(zip(found["value"].to_list(), map(int, found["count"].to_list()), strict=True))


def polars_engine(path: Path) -> Engine:
    """Open a Parquet file on Polars."""
    table = pl.scan_parquet(path)
    schema = table.collect_schema()
    columns = _kept(nw.from_native(table).collect_schema(), {name: str(dtype) for name, dtype in schema.items()})
    plain = [_plain(pl.col(name), kept, schema[name]).alias(kept.name) for name, kept in columns.items()]
    return Engine(table=nw.from_native(table.select(plain)), columns=columns)


def spark_engine(session: Any, path: Path | str) -> Engine:
    """Open Parquet on Spark: ``session`` is a ``SparkSession``, ``path`` whatever that can read."""
    from core.frames.spark import plain_column  # Spark is an extra

    table = session.read.parquet(str(path))
    schema = nw.from_native(table).collect_schema()
    columns = _kept(schema, {name: str(dtype) for name, dtype in schema.items()})
    plain = [plain_column(table, name, kept.kind).alias(kept.name) for name, kept in columns.items()]
    return Engine(table=nw.from_native(table.select(plain)), columns=columns)


def _kept(schema: nw.Schema, types: Mapping[str, str]) -> Mapping[str, Kept]:
    return {
        name: Kept(name=f"c{place}", kind=_kind(dtype), type=types[name], floating=dtype.is_float())
        for place, (name, dtype) in enumerate(schema.items())
    }


def _plain(column: pl.Expr, kept: Kept, dtype: pl.DataType) -> pl.Expr:
    if kept.kind == "time":
        return column.cast(pl.Datetime("us"), strict=False).to_physical()
    if kept.kind == "text":
        return column.cast(pl.String)
    return column.cast(pl.Float64) if dtype.is_decimal() or dtype in (pl.Int128(), pl.UInt128()) else column


def _kind(dtype: nw.dtypes.DType) -> Kind:
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, (nw.Datetime, nw.Date)):
        return "time"
    return "boolean" if isinstance(dtype, nw.Boolean) else "text"


def _collected(table: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
    return table.collect(engine="streaming") if table.implementation.is_polars() else table.collect()

"""Defects of the table as a whole, and of missing values (appendix 2)."""

from collections.abc import Callable, Mapping

import polars as pl
from polars import col

from tests.core.data.mutations.defect import Column, Defect, write
from tests.core.data.mutations.numbers import measured

BUSY = ("flights", "weather")  # with rows enough a day that none, or none with a value, is no chance


def _any(values: pl.Series) -> bool:
    return True


def _rename(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.rename({column: f"{column}_v2"})


def _drop(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.drop(column)


def _reorder(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.select([*frame.columns[1:], frame.columns[0]])


def _as_text(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.with_columns(pl.when(rows).then(pl.lit("abc")).otherwise(col(column).cast(pl.String)).alias(column))


def _repeat(share: float) -> Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame]:
    def put(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
        return pl.concat([frame, frame.gather_every(max(1, round(1 / share)))])

    return put


def _block(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return pl.concat([frame, frame.slice(20, max(10, frame.height // 100))])


def _cut(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.head(int(0.7 * frame.height))


def _long(limit: int) -> Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame]:
    def put(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
        return pl.concat([frame.select(column)] * (1 + limit // frame.height)).head(limit)

    return put


def _index(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.with_row_index("index").cast({"index": pl.Int64})


def _nothing(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.with_columns(pl.when(rows).then(None).otherwise(col(column)).alias(column))


def _nothing_where_high(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    other = next(n for n in reversed(frame.columns) if n != column and measured(frame[n]))
    high = col(other) > col(other).quantile(0.9)
    return frame.with_columns(pl.when(high).then(None).otherwise(col(column)).alias(column))


def _silent_source(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    source = frame[column].drop_nulls().mode().sort()[0]
    return frame.filter(~((col(column) == source) & _on_one_day(frame)))


def _silent_column(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.with_columns(pl.when(_on_one_day(frame)).then(None).otherwise(col(column)).alias(column))


def _on_one_day(frame: pl.DataFrame) -> pl.Expr:
    return col("time_hour").dt.date() == frame["time_hour"].dt.date()[frame.height // 2]


def _as_it_is(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame


def _header_again(text: str) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[: len(lines) // 2], lines[0], *lines[len(lines) // 2 :]]) + "\n"


def _another_delimiter(text: str) -> str:
    lines = text.splitlines()
    return "\n".join([*lines, *(line.replace(",", ";") for line in lines[1 : max(6, len(lines) // 100)])]) + "\n"


def whole(values: pl.Series) -> bool:
    """Tell whether hardly a value is missing in a column of many rows."""
    return values.null_count() < 0.001 * len(values) and len(values) >= 300


def whole_measured(values: pl.Series) -> bool:
    """Tell whether hardly a value of a measurement is missing."""
    return whole(values) and measured(values)


def source(values: pl.Series) -> bool:
    """Tell whether a column names the airports of New York, which send rows all day."""
    return values.name == "origin"


def text(values: pl.Series) -> bool:
    """Tell whether a column holds words."""
    return values.dtype == pl.String and values.n_unique() <= 60


STRUCTURE: Mapping[str, Defect] = {
    "column renamed": Defect(put=_rename, check="changed_columns", cause="new column", fits=_any, beside=True),
    "column dropped": Defect(put=_drop, check="changed_columns", cause="not in this table", fits=_any, beside=True),
    "columns reordered": Defect(
        put=_reorder, check="changed_columns", cause="another order", fits=_any, beside=True, of_table=True
    ),
    "words among numbers": Defect(
        put=_as_text, check="changed_columns", cause="holds text now", fits=measured, beside=True
    ),
    "words among numbers, alone": Defect(put=_as_text, check="numbers_as_text", fits=measured),
    "1 % of the rows twice": Defect(put=_repeat(0.01), check="duplicate_rows", fits=_any, of_table=True),
    "5 % of the rows twice": Defect(put=_repeat(0.05), check="duplicate_rows", fits=_any, of_table=True),
    "20 % of the rows twice": Defect(put=_repeat(0.2), check="duplicate_rows", fits=_any, of_table=True),
    "a block of rows twice": Defect(
        put=_block, check="mechanical_cause", cause="block of rows", fits=_any, beside=True, of_table=True
    ),
    "cut off": Defect(put=_cut, check="mechanical_cause", cause="ends early", fits=_any, beside=True, of_table=True),
    "fewer rows": Defect(put=_cut, check="changed_counts", cause="fewer", fits=_any, beside=True, of_table=True),
    "cut at the end of an old sheet": Defect(put=_long(65_535), check="row_limit", fits=measured, of_table=True),
    "cut at the end of a sheet": Defect(
        put=_long(1_048_575), check="row_limit", fits=measured, of_table=True, tables=("seattle",)
    ),
    "an index saved with the table": Defect(
        put=_index, check="leftover_index", cause="index", fits=_any, of_table=True
    ),
    "missing at random, 5 %": Defect(
        put=_nothing, check="changed_counts", cause="is empty in", fits=whole, beside=True, share=0.05
    ),
    "missing where another is high": Defect(
        put=_nothing_where_high, check="changed_counts", cause="is empty in", fits=whole_measured, beside=True, two=True
    ),
    "a new word for missing": Defect(
        put=write(lambda _: pl.lit("unknown")),
        check="mechanical_cause",
        cause="word for missing",
        fits=text,
        beside=True,
    ),
    "a word for missing": Defect(put=write(lambda _: pl.lit("N/A")), check="disguised_missing", fits=text),
    "a source silent for a day": Defect(
        put=_silent_source, check="mechanical_cause", cause="has no row on", fits=source, beside=True, tables=BUSY
    ),
    "a column silent for a day": Defect(
        put=_silent_column, check="silent_periods", cause="no value from", fits=whole_measured, tables=BUSY
    ),
    "the header again in the middle": Defect(
        put=_as_it_is,
        check="repeated_header",
        cause="repeats the header",
        fits=_any,
        of_table=True,
        in_text=_header_again,
    ),
    "another file with another delimiter": Defect(
        put=_as_it_is,
        check="rejected_rows",
        cause="could not be read",
        fits=_any,
        of_table=True,
        in_text=_another_delimiter,
    ),
}

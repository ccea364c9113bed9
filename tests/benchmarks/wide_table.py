"""A table of 30 columns and any number of rows: the flights again and again, jittered, and columns of other kinds."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from sample_data import FLIGHTS

WORDS = ("late bag lost gate change crew rest missed connection fog snow fuel stop " * 2).split()


def write_wide_table(path: Path, rows: int, *, seed: int = 3) -> Path:
    """Write ``rows`` rows as Parquet, a copy of the flights at a time."""
    flights, chance = pl.read_parquet(FLIGHTS), np.random.default_rng(seed)
    writer = None
    for copy, start in enumerate(range(0, rows, flights.height)):
        part = _copy(flights.head(rows - start), copy, chance).to_arrow()
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part, row_group_size=122_880)
    assert writer is not None
    writer.close()
    return path


def _copy(flights: pl.DataFrame, copy: int, chance: np.random.Generator) -> pl.DataFrame:
    n = flights.height
    floats = ("temp", "dewp", "humid", "wind_speed", "pressure")
    words = np.array(WORDS)[chance.integers(0, len(WORDS), (n, 5))]
    return flights.with_columns(
        *(pl.col(name) + pl.Series(chance.normal(0, 0.5, n)) for name in floats),
        pl.format("{}-{}", "flight_id", pl.lit(copy)).alias("flight_id"),
        pl.col("scheduled_at") + pl.duration(days=370 * copy) - pl.duration(days=3_650),
        amount=pl.Series(chance.lognormal(3, 1, n).round(2)),
        score=pl.Series(chance.beta(2, 5, n)),
        reading=pl.Series(chance.normal(0, 1e-3, n)),
        pulses=pl.Series(chance.poisson(40, n)),
        account=pl.Series(chance.integers(10**9, 10**10, n)),
        stock=pl.Series(np.where(chance.random(n) < 0.6, 0, chance.integers(1, 500, n))),
        paid=pl.Series(chance.random(n) < 0.4),
        crew=pl.Series(chance.integers(2, 9, n)).cast(pl.Int8),
        seen_at=pl.Series((chance.integers(1_350_000_000, 1_380_000_000, n) * 1_000).astype("datetime64[ms]")),
        token=pl.Series(chance.integers(0, 2**62, n)).cast(pl.String),
        remark=pl.Series([" ".join(line) for line in words.tolist()]),
        customer=pl.format("C{}", pl.Series(chance.integers(0, 200_000, n))),
        product=pl.format("P-{}", pl.Series(chance.integers(0, 5_000, n))),
    )

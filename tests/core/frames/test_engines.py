"""One suite over the engines: the figures of Polars and of Spark are those of the rows in memory.

Spark is an extra (``make test-spark`` installs it and runs this); where it or Java is missing, its half is skipped.
"""

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from core.drift.by_methods import ByMethod, by_methods, by_methods_of_counts
from core.drift.counts import from_summaries
from core.frames.engine import Engine, polars_engine, spark_engine
from core.frames.engine_summary import summarise_engine
from core.frames.summarising import summarise
from core.frames.summary import MAX_LEVELS

ROWS = 3_000
EDGES = {"float": (-1.0, 0.0, 0.5, 2.0), "whole": (-5.0, 0.0, 7.0), "at": (0.0, 1.3e9, 1.4e9)}
Opener = Callable[[Path], Engine]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: `make test-spark` installs the extra and runs this")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is no java on the path")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.sql.session.timeZone", "Asia/Tokyo")
    session = builder.config("spark.driver.memory", "1g").config("spark.log.level", "ERROR").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(params=["polars", "spark"])
def opened(request: pytest.FixtureRequest) -> Opener:
    if request.param == "polars":
        return polars_engine
    session = request.getfixturevalue("spark")
    return lambda path: spark_engine(session, path)


def table() -> pl.DataFrame:
    chance = np.random.default_rng(5)
    start = datetime(2013, 1, 1, tzinfo=UTC)
    odd = [math.nan, math.inf, -math.inf, 0.0, -0.0, None]
    return pl.DataFrame(
        {
            "float": [*odd, *chance.normal(0, 1, ROWS - len(odd)).tolist()],
            "few.floats": chance.choice([-1.5, 0.0, 2.5], ROWS),
            "whole": pl.Series([None, *chance.integers(-9, 9, ROWS - 1).tolist()]),
            "huge": pl.Series(chance.integers(2**60, 2**62, ROWS)),
            "small `int`": pl.Series(chance.integers(0, 100, ROWS)).cast(pl.Int8),
            "text": [None, "", "São", *(f"k-{i % 1_500}" for i in range(ROWS - 3))],
            "word": chance.choice(["nan", "None", "Oslo", "New York"], ROWS),
            "yes": pl.Series([None, *(chance.random(ROWS - 1) < 0.5)]),
            "at": [start + timedelta(seconds=7_919 * i, microseconds=i) for i in range(ROWS)],
            "local": [datetime.fromisoformat("1969-12-31T23:59:59.5") + timedelta(days=i // 9) for i in range(ROWS)],
            "day": [date(2020, 1, 1) + timedelta(days=i % 400) for i in range(ROWS)],
            "nothing": pl.Series([None] * ROWS, dtype=pl.Float64),
        }
    )


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "t.parquet"
    table().write_parquet(path)
    return path


def test_an_engine_gives_the_summaries_of_the_rows(opened: Opener, parquet: Path) -> None:
    found, expected = summarise_engine(opened(parquet), edges=EDGES), summarise(table(), edges=EDGES)
    assert list(found) == list(expected)
    for name, summary in expected.items():
        for field in ("kind", "count", "nulls", "nans", "infinities", "levels", "shapes", "histogram"):
            assert getattr(found[name], field) == getattr(summary, field), (name, field)
        ours, theirs = found[name].numbers, summary.numbers
        assert (ours.minimum, ours.maximum, ours.sketch) == (theirs.minimum, theirs.maximum, theirs.sketch), name
        for figure in ("n", "mean", "squares", "fourths"):
            assert getattr(ours.moments, figure) == pytest.approx(getattr(theirs.moments, figure), rel=1e-9), name
        assert found[name].quantiles(0.1, 0.5) == pytest.approx(summary.quantiles(0.1, 0.5), rel=1e-9, nan_ok=True)


def test_levels_are_counted_up_to_a_cap(opened: Opener, parquet: Path) -> None:
    engine = opened(parquet)
    assert engine.level_counts("text", cap=MAX_LEVELS) is None
    whole = engine.level_counts("text")
    assert whole is not None
    assert sum(whole.values()) == ROWS - 1
    assert engine.level_counts("word", cap=4) == dict(table()["word"].value_counts().iter_rows())


def test_figures_are_aggregated_in_one_act(opened: Opener, parquet: Path) -> None:
    engine = opened(parquet)
    kept = engine.columns["few.floats"]
    found = engine.aggregate({"rows": nw.len(), "sum": kept.numbers.sum(), "low": kept.finite.min()})
    assert found == {"rows": ROWS, "sum": pytest.approx(table()["few.floats"].sum()), "low": -1.5}


def test_buckets_hold_their_edges(opened: Opener, tmp_path: Path) -> None:
    pl.DataFrame({"x": [0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 4.0, -1.0, None]}).write_parquet(tmp_path / "x.parquet")
    found = opened(tmp_path / "x.parquet").bucket_counts("x", (0.0, 1.0, 3.0))
    assert (found.counts, found.below, found.above) == ((1, 5), 1, 1)


def test_a_table_without_rows_has_summaries(opened: Opener, tmp_path: Path) -> None:
    table().head(0).write_parquet(tmp_path / "x.parquet")
    found = summarise_engine(opened(tmp_path / "x.parquet"))
    assert {summary.count for summary in found.values()} == {0}
    assert {summary.distinct for summary in found.values()} == {0}


def test_drift_between_two_tables_of_an_engine_is_that_of_their_rows(opened: Opener, tmp_path: Path) -> None:
    """By every method and threshold: to the last figure where values are counted, else as from the rows' summaries."""
    tables = table(), table().filter(pl.col("whole").fill_null(0) < 6).with_columns(pl.col("float") * 1.4 + 0.2)
    for name, side in zip("ab", tables, strict=True):
        side.write_parquet(tmp_path / f"{name}.parquet")
    found = [summarise_engine(opened(tmp_path / f"{name}.parquet")) for name in "ab"]
    expected = [summarise(side) for side in tables]
    for column in tables[0].columns:
        ours = by_methods_of_counts(from_summaries(found[0][column], found[1][column]))
        assert_equal(ours, by_methods_of_counts(from_summaries(expected[0][column], expected[1][column])))
        if column in ("few.floats", "whole", "small `int`", "word"):
            assert any(one.value for one in ours)
            assert_equal(ours, by_methods(tables[0][column], tables[1][column]))


def assert_equal(ours: Sequence[ByMethod], theirs: Sequence[ByMethod]) -> None:
    assert [(one.title, one.drift, one.said) for one in ours] == [(one.title, one.drift, one.said) for one in theirs]
    assert _figures(ours) == pytest.approx(_figures(theirs), rel=1e-9, abs=1e-12, nan_ok=True)


def _figures(measured: Sequence[ByMethod]) -> list[float]:
    return [math.nan if each is None else each for one in measured for each in (one.value, one.p_value)]

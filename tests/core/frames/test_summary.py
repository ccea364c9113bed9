"""The summary of a column is a commutative monoid: parts add up to the whole, however it is cut."""

import json
import math
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.frames import summarising
from core.frames.buckets import FINEST, MOST_BUCKETS, log_sketch, quantiles
from core.frames.moments import Moments, moments_of
from core.frames.summarising import summarise, summarise_parquet, summarise_series
from core.frames.summary import MAX_LETTERS, MAX_LEVELS, ColumnSummary
from core.frames.summary_json import from_json, to_json
from core.frames.text_shapes import PATTERNS, shapes

EDGES = {"n": (-100.0, -1.0, 0.0, 1.0, 50.0, 1_000.0), "at": (0.0, 1e8, 1e9, 2e9)}
EXACT = ("kind", "type", "count", "nulls", "nans", "infinities", "levels", "shapes", "histogram")
SCHEMA = {"n": pl.Float64, "i": pl.Int64, "t": pl.String, "at": pl.Datetime("us"), "b": pl.Boolean}
_odd = st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 5e-324, 1e300, -1e300])
_rows = st.tuples(
    st.one_of(st.none(), st.floats(-1e6, 1e6), _odd),
    st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([2**63 - 1, -(2**63), 2**53 + 1])),
    st.one_of(st.none(), st.text("aB3 -é", max_size=4)),
    st.one_of(st.none(), st.datetimes(datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2030-01-01"))),
    st.one_of(st.none(), st.booleans()),
)
_frames = st.lists(_rows, max_size=30)


def of(rows: list[tuple[object, ...]]) -> dict[str, ColumnSummary]:
    return dict(summarise(pl.DataFrame(rows, schema=SCHEMA, orient="row"), edges=EDGES))


def same(left: ColumnSummary, right: ColumnSummary) -> None:
    for field in EXACT:
        assert getattr(left, field) == getattr(right, field), field
    one, other = left.numbers, right.numbers
    assert (one.minimum, one.maximum, one.sketch) == (other.minimum, other.maximum, other.sketch)
    assert one.moments.n == other.moments.n
    widest = max((abs(float(value)) for value in (one.minimum, one.maximum) if value is not None), default=0.0)
    for power, name in enumerate(("mean", "squares", "cubes", "fourths"), 1):
        scale = math.prod([widest] * power) * max(one.moments.n, 1)
        alike = pytest.approx(getattr(other.moments, name), rel=1e-9, abs=1e-9 * scale + 1e-300, nan_ok=True)
        assert not math.isfinite(scale) or getattr(one.moments, name) == alike, name


@settings(max_examples=60, deadline=None)
@given(_frames, _frames, _frames)
def test_parts_add_up_to_the_whole(a: list, b: list, c: list) -> None:
    first, second, third, nothing, whole = of(a), of(b), of(c), of([]), of(a + b + c)
    for name in SCHEMA:
        same(first[name] + second[name], second[name] + first[name])
        same((first[name] + second[name]) + third[name], first[name] + (second[name] + third[name]))
        same(first[name] + second[name] + third[name], whole[name])
        same(first[name] + nothing[name], first[name])
        same(nothing[name] + first[name], first[name])


@settings(max_examples=40, deadline=None)
@given(_frames)
def test_a_summary_survives_json(rows: list) -> None:
    for summary in of(rows).values():
        again = from_json(json.loads(json.dumps(to_json(summary), allow_nan=False)))
        same(again, summary)
        assert repr(again) == repr(summary)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=50), st.integers(1, 49))
def test_moments_are_those_of_scipy(values: list[float], cut: int) -> None:
    # to whole thousandths, so that no spread is smaller than what rounding leaves of the mean
    numbers = np.round(np.asarray(values), 3)
    found = moments_of(numbers[:cut]) + moments_of(numbers[cut:])
    assert found.n == len(numbers)
    assert found.mean == pytest.approx(numbers.mean(), rel=1e-9, abs=1e-9)
    if len(set(numbers.tolist())) < 2:
        return
    assert found.deviation == pytest.approx(numbers.std(ddof=1), rel=1e-9)
    assert found.skewness == pytest.approx(scipy.stats.skew(numbers), rel=1e-7, abs=1e-7)
    assert found.kurtosis == pytest.approx(scipy.stats.kurtosis(numbers), rel=1e-7, abs=1e-7)


def test_sums_too_large_are_not_given_as_infinite() -> None:
    high = moments_of(np.array([1e308, 1e308]))
    assert high.mean == 1e308
    spread = moments_of(np.array([1e308])) + moments_of(np.array([-1e308]))
    assert spread.mean == 0.0
    assert spread.deviation is spread.skewness is spread.kurtosis is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([(0, 1), (5, 3), (-300, 0.1), (0, 20)]),
    st.integers(1, 3_000),
)
def test_a_quantile_lies_within_its_bound(seed: int, shape: tuple[float, float], n: int) -> None:
    chance = np.random.default_rng(seed)
    values = np.exp(chance.normal(*shape, size=n)) * chance.choice([-1, 1], n)
    sketch = log_sketch(values)
    shares = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    ordered = np.sort(values)
    for share, found in zip(shares, quantiles(*sketch.spread(), shares), strict=True):
        neighbours = ordered[[int(np.floor(share * (n - 1))), int(np.ceil(share * (n - 1)))]]
        true = float(np.quantile(values, share))
        assert abs(found - true) <= sketch.within * np.abs(neighbours).max() * (1 + 1e-9)


def test_eight_powers_of_ten_stay_within_one_hundredth() -> None:
    values = np.geomspace(1e-3, 1e5, 200_000)
    sketch = log_sketch(values)
    assert FINEST < sketch.within <= 0.01
    assert len(sketch.positive.places) <= MOST_BUCKETS
    assert quantiles(*sketch.spread(), (0.5,))[0] == pytest.approx(10.0, rel=sketch.within)


def test_quantiles_of_few_values_are_exact_and_of_times_within_seconds() -> None:
    few = summarise_series(pl.Series([3, 1, 2, 2, None] * 100))
    assert few.exact
    assert few.quantiles_within == 0.0
    assert few.quantiles(0.25, 0.5, 1.0).tolist() == [1.75, 2.0, 3.0]
    times = pl.Series(np.arange(5_000) * 3_600 * 10**6).cast(pl.Datetime("us"))
    many = summarise_series(times)
    assert many.distinct is None
    assert 0 < many.quantiles_within < 5_000 * 3_600 / 500
    assert many.quantiles(0.5)[0] == pytest.approx(4_999 / 2 * 3_600, abs=many.quantiles_within)


def test_above_the_cap_there_are_more_than_so_many_values() -> None:
    low, high = pl.DataFrame({"x": range(600)}), pl.DataFrame({"x": range(500, 1_100)})
    joined = summarise(low)["x"] + summarise(high)["x"]
    assert joined.distinct is None
    assert summarise(pl.concat([low, high]))["x"].levels is None
    assert summarise(low)["x"].distinct == 600 <= MAX_LEVELS


def test_long_texts_are_not_kept() -> None:
    long = [chr(97 + i) * (MAX_LETTERS // 3) for i in range(4)]
    parts = [summarise_series(pl.Series([text])) for text in long]
    assert parts[0].distinct == 1
    assert (parts[0] + parts[1] + parts[2] + parts[3]).levels is None
    assert summarise_series(pl.Series(long)).levels is None


def test_a_text_has_lengths_and_shapes() -> None:
    texts = pl.Series(["20130101-UA1545-EWR", "São Paulo", "", "a--b", None])
    summary = summarise_series(texts)
    assert summary.shapes == {"9-A9-A": 1, "Aa Aa": 1, "": 1, "a--a": 1}
    assert (summary.numbers.minimum, summary.numbers.maximum) == (0, 19)
    assert summary.numbers.moments.mean == 8.0


@given(st.lists(st.text(max_size=12), max_size=20))
def test_shapes_by_bytes_are_those_of_the_patterns(texts: list[str]) -> None:
    expected = pl.Series(texts, dtype=pl.String)
    for pattern, sign in PATTERNS:
        expected = expected.str.replace_all(pattern, sign)
    assert shapes(pl.Series(texts, dtype=pl.String)).to_list() == expected.to_list()


def test_a_file_is_summarised_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    frame = pl.DataFrame({"n": chance.lognormal(0, 2, 5_000), "t": [f"k{i % 1_500}" for i in range(5_000)]})
    frame = frame.with_columns(at=pl.from_epoch(pl.int_range(5_000) * 7_919), b=pl.col("n") > 1)
    frame.write_parquet(tmp_path / "t.parquet")
    monkeypatch.setattr(summarising, "BATCH_CELLS", 4_000)
    edges = {"n": (0.0, 1.0, 10.0), "at": (0.0, 1e7)}
    streamed, whole = summarise_parquet(tmp_path / "t.parquet", edges=edges), summarise(frame, edges=edges)
    assert list(streamed) == frame.columns
    for name in frame.columns:
        same(streamed[name], whole[name])


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.Int128, pl.Float32, pl.Decimal(12, 2), pl.Date, pl.Time])
def test_every_type_has_a_summary(dtype: pl.DataType) -> None:
    step = 10**9 if dtype == pl.Time else 1
    few = summarise_series((pl.Series([1, 2, 2, None]) * step).cast(dtype))
    assert (few.count, few.nulls, few.distinct) == (4, 1, 2)
    assert from_json(json.loads(json.dumps(to_json(few)))) == few
    none = summarise_series(pl.Series([None, None]).cast(dtype))
    assert (none.present, none.distinct) == (0, 0)
    same(few + none, none + few)


def test_unlike_things_are_not_added() -> None:
    text, number = summarise(pl.DataFrame({"x": ["a"]}))["x"], summarise(pl.DataFrame({"x": [1]}))["x"]
    with pytest.raises(InvalidInput):
        text + number
    left = summarise(pl.DataFrame({"x": [1]}), edges={"x": (0, 1)})["x"]
    with pytest.raises(InvalidInput):
        left + summarise(pl.DataFrame({"x": [1]}), edges={"x": (0, 2)})["x"]


def test_nothing_is_the_identity_of_moments() -> None:
    some = moments_of(np.array([1.0, 2.0]))
    assert Moments() + some == some + Moments() == some

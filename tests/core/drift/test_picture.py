"""What is drawn of a column: true of the rows, and the same after it was kept."""

import numpy as np
import polars as pl
import pytest

from core.drift.distribution import OTHERS
from core.drift.picture import PROBABILITIES, from_table, on_same_levels, pictures, to_table

RNG = np.random.default_rng(5)
ODD = {
    "all missing": pl.Series("x", [None] * 9, dtype=pl.Float64),
    "one value": pl.Series("x", [3.0] * 9),
    "texts": pl.Series("x", list("abcabcabx")),
    "truth": pl.Series("x", [True, False, None] * 3),
    "times": pl.Series("x", [pl.date(2024, 1, 1)] * 0 + ["2024-01-01"] * 9).str.to_date(),
    "none at all": pl.Series("x", [], dtype=pl.Float64),
    "infinite": pl.Series("x", [float("inf"), 1.0, float("nan")] * 3),
    "lists": pl.Series("x", [[1]] * 9),
}


def of_week(before: pl.Series, after: pl.Series, **ranges: tuple[float, float]):
    found = pictures(
        before.to_frame(), after.to_frame(), block=None, ranges={"x": ranges.get("x")} if ranges else {"x": None}
    )
    return found[0]


def test_numbers() -> None:
    before, after = pl.Series("x", RNG.normal(size=4000)), pl.Series("x", [None, *RNG.normal(1, 2, size=999)])
    picture = of_week(before, after, x=(-3.0, 3.0))
    assert picture.is_number
    assert picture.rows == 1000
    assert picture.missing_current == 0.001
    assert picture.above == (after > 3).sum() / 1000
    present = after.drop_nulls().to_numpy()
    assert picture.quantiles_current == tuple(np.quantile(present, PROBABILITIES, method="inverted_cdf"))
    middle = PROBABILITIES.index(0.5)
    assert picture.lower[middle] < picture.quantiles_current[middle] - picture.quantiles_reference[middle]
    assert picture.lower[middle] > 0.7
    assert picture.upper[middle] < 1.3


def test_categories() -> None:
    before, after = pl.Series("x", ["a"] * 600 + ["b"] * 400), pl.Series("x", ["a"] * 300 + ["b"] * 600 + ["c"] * 100)
    picture = of_week(before, after)
    assert dict(zip(picture.levels, picture.current, strict=True)) == {"a": 0.3, "b": 0.6, "c": 0.1}
    moved = dict(zip(picture.levels, zip(picture.lower, picture.upper, strict=True), strict=True))
    assert moved["a"][0] < -0.3 < moved["a"][1] < -0.2
    assert moved["c"][0] > 0.05


@pytest.mark.parametrize("before", ODD)
@pytest.mark.parametrize("after", ODD)
def test_odd_columns_have_a_picture_that_can_be_kept(before: str, after: str) -> None:
    picture = of_week(ODD[before], ODD[after])
    assert from_table(to_table([picture])) == (picture,)


def test_a_table_of_pictures_is_read_back_as_it_was() -> None:
    frames = [pl.DataFrame({"n": RNG.normal(size=50), "t": RNG.choice(["u", "v"], 50)}) for _ in range(2)]
    found = pictures(frames[0], frames[1], block=None, ranges={"n": (0.0, 1.0), "t": None, "gone": None})
    assert [picture.column for picture in found] == ["n", "t"]
    assert from_table(to_table(found)) == found


def test_two_pictures_of_a_category_are_drawn_on_the_levels_that_both_have():
    current = pl.DataFrame({"c": ["a"] * 5 + ["b"] * 4 + ["new"]})
    sides = [pl.DataFrame({"c": values}) for values in (["a", "b", "b", "old"], ["a", "a", "b", "c", "d"])]
    both = [pictures(side, current, block=None, ranges={"c": None})[0] for side in sides]
    first, second = on_same_levels(*both)
    assert first.levels == second.levels
    assert {"a", "b", OTHERS} <= set(first.levels)
    assert first.current == pytest.approx(second.current)
    at = dict(zip(first.levels, zip(first.reference, second.reference, first.current, strict=True), strict=True))
    assert at["a"] == pytest.approx((0.25, 0.4, 0.5))
    assert at["b"] == pytest.approx((0.5, 0.2, 0.4))
    assert sum(first.reference) == pytest.approx(1)
    assert sum(second.reference) == pytest.approx(1)
    place, kept = both[1].levels.index("b"), second.levels.index("b")
    assert second.lower[kept] == both[1].lower[place]

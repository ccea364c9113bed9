import string
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from core.drift import comparison
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import compare_columns, compare_parquet, overall
from core.drift.judges import JUDGES
from core.errors import InvalidInput

DRIFTED, STABLE, NOT_ENOUGH, NOT_APPLICABLE = DriftVerdict


def one(reference: Any, current: Any, **options: Any) -> ColumnDrift:
    frames = [values if isinstance(values, pl.Series) else pl.Series(values) for values in (reference, current)]
    tables = [pl.DataFrame({"x": values}) for values in frames]
    (found,) = compare_columns(tables[0], tables[1], **({"block": None} | options))
    return found


def by_day(n: int, days: int, *, seed: int, shift: float = 0.0, per_day: float = 0.3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    day = rng.integers(0, days, n)
    columns: dict[str, Any] = {"day": [f"d{d}" for d in day]}
    for i in range(6):
        columns[f"x{i}"] = rng.normal(size=n) + rng.normal(0, per_day, days)[day] + (shift if i == 0 else 0)
    weights = np.exp(rng.normal(0, per_day, (days, 8)))
    edges = (weights / weights.sum(axis=1, keepdims=True)).cumsum(axis=1)
    columns["carrier"] = [string.ascii_uppercase[i] for i in (rng.random(n)[:, None] > edges[day]).sum(axis=1)]
    gaps = rng.random(n) < 1 / (1 + np.exp(2 - rng.normal(0, per_day, days)))[day]
    columns["age"] = pl.Series(np.where(gaps, np.nan, rng.normal(size=n)))
    return pl.DataFrame(columns)


def test_the_statistic_is_scipys() -> None:
    rng = np.random.default_rng(0)
    for before, after in [
        (rng.normal(size=5000), rng.normal(0.1, 1.3, 700)),
        (rng.poisson(3, 800).astype(float), rng.poisson(4, 90).astype(float)),
    ]:
        assert one(before, after).statistic == pytest.approx(ks_2samp(before, after).statistic, abs=1e-12)


def test_half_a_standard_deviation_is_drift_and_its_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(1)
    found = one(rng.normal(size=1000), rng.normal(0.5, 1, 1000))
    assert found.verdict is DRIFTED
    assert found.interval is not None
    assert found.interval.contains(0.1974)  # 2 Phi(0.25) - 1


def test_a_wider_spread_and_a_new_point_mass_are_seen() -> None:
    rng = np.random.default_rng(2)
    assert one(rng.normal(size=2000), rng.normal(0, 2, 2000)).verdict is DRIFTED
    zeros = np.where(rng.random(4000) < 0.5, 0.0, rng.normal(size=4000))
    moved = np.where(zeros == 0, -1e-9, zeros)
    assert one(zeros, moved).statistic == pytest.approx(np.mean(zeros == 0), abs=0.01)
    assert one(zeros, moved).verdict is DRIFTED


@pytest.mark.parametrize("n", [100, 1000, 20_000])
def test_the_same_population_is_hardly_ever_called_drifted(n: int) -> None:
    rng = np.random.default_rng(n)
    verdicts: list[DriftVerdict] = []
    for _ in range(20):
        reference, current = (
            pl.DataFrame(
                {f"n{i}": rng.standard_t(3, n) for i in range(6)}
                | {f"c{k}": rng.integers(0, k, n).astype(str) for k in (2, 8, 40)}
                | {"m": pl.Series(np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)))}
            )
            for _ in range(2)
        )
        verdicts += [c.verdict for c in compare_columns(reference, current, block=None)]
    assert verdicts.count(DRIFTED) / len(verdicts) <= 0.02
    if n == 20_000:
        assert verdicts.count(STABLE) / len(verdicts) >= 0.9


@pytest.mark.parametrize(("days", "rows"), [(7, 1400), (14, 12_000)])
def test_days_that_differ_are_no_drift_though_rows_alone_would_say_so(days: int, rows: int) -> None:
    by_days: list[ColumnDrift] = []
    by_rows: list[ColumnDrift] = []
    for seed in range(12):
        reference, current = by_day(20_000, 31, seed=2 * seed), by_day(rows, days, seed=2 * seed + 1)
        by_days += compare_columns(reference, current, block="day")
        by_rows += compare_columns(reference.drop("day"), current.drop("day"), block=None)
    assert sum(c.verdict is DRIFTED for c in by_days) / len(by_days) <= 0.02
    assert sum(c.verdict is DRIFTED for c in by_rows) / len(by_rows) > 0.2


def test_a_shift_of_all_days_is_found_and_only_that() -> None:
    found = compare_columns(by_day(20_000, 31, seed=1), by_day(5000, 7, seed=2, shift=1.0), block="day")
    assert [c.column for c in found if c.verdict is DRIFTED] == ["x0"]
    assert {c.n_blocks for c in found} == {7}
    assert overall(found) is DRIFTED


def test_a_small_shift_of_three_columns_in_twenty_is_found() -> None:
    rng = np.random.default_rng(4)
    found = wrong = 0
    for _ in range(15):
        reference = pl.DataFrame({f"x{i}": rng.normal(size=1000) for i in range(20)})
        current = pl.DataFrame({f"x{i}": rng.normal(0.2 * (i < 3), 1, 1000) for i in range(20)})
        verdicts = [c.verdict is DRIFTED for c in compare_columns(reference, current, block=None)]
        found, wrong = found + sum(verdicts[:3]), wrong + any(verdicts[3:])
    assert found / 45 >= 0.8
    assert wrong / 15 <= 0.2


def test_missing_values_are_tested_on_their_own() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=4000)
    reference, current = (pl.Series(np.where(rng.random(4000) < p, np.nan, values)) for p in (0.01, 0.10))
    found = one(reference, current)
    assert found.verdict is DRIFTED
    assert found.method == JUDGES["missing"].title
    assert "Missing: 0.9 % of the reference, 9.7 %" in found.note


def test_new_and_lost_categories_are_named() -> None:
    rng = np.random.default_rng(6)
    reference = rng.choice(["JFK", "LGA", "EWR"], 3000)
    current = np.append(np.where(reference == "LGA", "NYC", reference), "ABQ")
    found = one(reference, current)
    assert found.verdict is DRIFTED
    assert "New: 'NYC'" in found.note
    assert "'ABQ' (1 row)" in found.note
    assert "Gone: 'LGA'" in found.note


def test_rare_levels_that_are_all_new_are_not_called_stable() -> None:
    rng = np.random.default_rng(9)
    tails = rng.integers(0, 3000, 20_000)
    found = one([f"N{t}" for t in tails], [f"N{t + 3000}" for t in tails[:5000]])
    assert found.verdict is not STABLE
    assert "more" in found.note


def test_one_row_of_a_new_category_is_named_and_no_drift() -> None:
    reference = np.random.default_rng(7).choice(["a", "b"], 5000)
    found = one(reference, np.append(reference[:4000], "c"))
    assert found.verdict is STABLE
    assert "New: 'c' (1 row)" in found.note


@pytest.mark.parametrize("rows", [40, 100_000])
def test_the_same_file_twice_is_stable(rows: int) -> None:
    frame = pl.DataFrame({"x": np.random.default_rng(8).normal(size=rows), "c": ["a", "b"] * (rows // 2)})
    found = compare_columns(frame, frame, block=None)
    assert overall(found) is STABLE
    assert {c.q_value for c in found} == {1.0}


@pytest.mark.parametrize("n", [1, 2, 5, 30, 1000])
def test_constant_columns(n: int) -> None:
    for same, other in [(1.0, 2.0), (2.0, 1.0), ("a", "b"), (True, False)]:
        assert one([same] * n, [same] * (n + 1)).verdict is (STABLE if n == 1000 else NOT_ENOUGH)
        different = one([same] * n, [other] * n).verdict
        assert different is DRIFTED if n >= 30 else different is not STABLE
        assert n > 2 or different is NOT_ENOUGH


def test_columns_without_any_value() -> None:
    empty, full = pl.Series([None] * 500), pl.Series(np.arange(500) / 7)
    assert one(full, empty).verdict is DRIFTED
    assert one(empty, full).verdict is DRIFTED
    assert one(empty, pl.Series([None] * 499, dtype=pl.Float64)).verdict is STABLE
    assert one(full, pl.Series([float("nan")] * 500)).verdict is DRIFTED


def test_identifiers_free_text_and_times_are_not_compared() -> None:
    for reference, current in [
        ([f"id-{i}" for i in range(300)], [f"id-{i}" for i in range(300, 600)]),
        (list(range(300)), list(range(300, 600))),
        ([datetime(2013, 1, 1) + timedelta(hours=i) for i in range(300)], [datetime(2014, 1, 1)] * 300),  # noqa: DTZ001
        ([[1, 2]] * 300, [[1, 3]] * 300),
        ([1.0] * 300, ["one"] * 300),
    ]:
        found = one(reference, current)
        assert found.verdict is NOT_APPLICABLE
        assert found.note
        assert found.effect is None


@pytest.mark.parametrize(("levels", "compared"), [(3_000, True), (9_000, True), (10_300, False), (19_000, False)])
def test_texts_of_many_rows_are_identifiers_from_half_as_many_values_on(levels: int, compared: bool) -> None:
    texts = pl.Series([f"v{row % levels}" for row in range(20_000)])
    drift = compare_columns(pl.DataFrame({"x": texts}), pl.DataFrame({"x": texts.reverse()}), block=None)[0]
    assert (drift.verdict is not NOT_APPLICABLE) is compared
    assert compared or f"{2 * levels:,} different values in 40,000 rows" in drift.note


def test_columns_side_by_side_are_judged_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = by_day(1200, 12, seed=1), by_day(700, 9, seed=2, shift=2)
    side_by_side = compare_columns(*tables, block="day")
    monkeypatch.setattr(comparison, "ROWS_AT_ONCE", 1)
    assert compare_columns(*tables, block="day") == side_by_side


def test_lost_and_new_columns_say_so() -> None:
    found = compare_columns(pl.DataFrame({"a": [1], "b": [1]}), pl.DataFrame({"a": [1], "c": [1]}), block=None)
    assert [c.column for c in found] == ["a", "b", "c"]
    assert found[1].note == "The column is not in the current data."
    assert found[2].note == "The column is not in the reference."
    asked = compare_columns(pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1]}), block=None, columns=["z"])
    assert asked[0].verdict is NOT_APPLICABLE


def test_a_block_column_that_is_absent_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'day'"):
        compare_columns(pl.DataFrame({"day": ["d"]}), pl.DataFrame({"x": [1]}), block="day")


@pytest.mark.parametrize("block", [None, "day"])
def test_two_parquet_files_are_compared_as_two_tables_are(block: str | None, tmp_path: Path) -> None:
    tables = [
        by_day(1200, 12, seed=1).with_columns(gone=pl.lit(1)),
        by_day(700, 9, seed=2, shift=2).with_columns(new=pl.lit("a")),
    ]
    paths = [tmp_path / f"{place}.parquet" for place in range(2)]
    for table, path in zip(tables, paths, strict=True):
        table.write_parquet(path)
    assert compare_parquet(*paths, block=block) == compare_columns(*tables, block=block)


def test_overall() -> None:
    assert overall([]) is NOT_APPLICABLE
    n = 60_000
    frame, other = (
        pl.DataFrame({"x": np.random.default_rng(s).normal(size=n), "id": [f"{s}-{i}" for i in range(n)]})
        for s in range(2)
    )
    assert overall(compare_columns(frame, other, block=None)) is STABLE
    assert overall(compare_columns(frame.head(50), other.head(50), block=None)) is NOT_ENOUGH


NASTY: dict[str, pl.Series] = {
    "empty": pl.Series([], dtype=pl.Float64),
    "empty text": pl.Series([], dtype=pl.String),
    "null type": pl.Series([None] * 40),
    "one row": pl.Series([1.5]),
    "one text": pl.Series(["a"]),
    "constant": pl.Series([7] * 40),
    "all NaN": pl.Series([float("nan")] * 40),
    "infinite": pl.Series([float("inf"), -float("inf"), 0.0, None] * 10),
    "huge": pl.Series([1e308, -1e308, 1e-308, 0.0] * 10),
    "tiny steps": pl.Series(1 + np.arange(400) * 2.3e-16),
    "unsigned": pl.Series(np.arange(40) % 3, dtype=pl.UInt8),
    "large integers": pl.Series([2**62, -(2**62), 0, 1] * 10),
    "decimal": pl.Series([Decimal("1.10"), Decimal("2.20")] * 20),
    "boolean": pl.Series([True, False, None] * 15),
    "texts": pl.Series(["a", "", " ", "ä", None] * 10),
    "categorical": pl.Series(["a", "b"] * 20, dtype=pl.Categorical),
    "enumeration": pl.Series(["a", "b"] * 20, dtype=pl.Enum(["a", "b", "c"])),
    "dates": pl.Series([date(2013, 1, 1)] * 40),
    "durations": pl.Series([timedelta(days=1)] * 40),
    "lists": pl.Series([[1], [2]] * 20),
    "structs": pl.Series([{"a": 1}] * 40),
    "binary": pl.Series([b"a"] * 40),
    "nearly all missing": pl.Series([None] * 39 + [1.0]),
    "many levels": pl.Series([f"l{i % 150}" for i in range(900)]),
}


@pytest.mark.parametrize("before", list(NASTY))
@pytest.mark.parametrize("block", [None, "day"])
def test_nasty_columns_get_a_verdict_never_an_exception(before: str, block: str | None) -> None:
    for after in NASTY.values():
        tables = [
            pl.DataFrame(
                {"x": side, "day": [f"d{i % 5}" for i in range(len(side))]}, schema_overrides={"day": pl.String}
            )
            for side in (NASTY[before], after)
        ]
        found = compare_columns(tables[0], tables[1], block=block, columns=["x"])[0]
        assert found.verdict in tuple(DriftVerdict)
        assert found.note or found.verdict is STABLE
        for value in (found.statistic, found.effect, found.p_value, found.q_value):
            assert value is None or 0 <= value <= 1
        if found.interval is not None and found.effect is not None:
            assert 0 <= found.interval.lower <= found.effect <= found.interval.upper <= 1


@pytest.mark.parametrize("block", [None, "day"])
def test_a_hundred_thousand_levels_get_a_verdict_of_every_judge(block: str | None) -> None:
    rng, rows = np.random.default_rng(11), 250_000
    sides = [
        pl.DataFrame(
            {
                "levels": (rng.permutation(rows) % 100_000 + shift).astype(str),
                "numbers": rng.permutation(rows) % 100_000 + shift,
                "gaps": pl.Series(rng.normal(size=rows)).set(pl.Series(rng.random(rows) < 0.1 + shift / 1e5), None),
                "day": [f"d{row % 9}" for row in range(rows)],
            }
        )
        for shift in (0, 50_000)
    ]
    found = {one.column: one for one in compare_columns(*sides, block=block, columns=["levels", "numbers", "gaps"])}
    # of levels with two rows each, nobody can tell new ones from rare ones
    assert [one.verdict for one in found.values()] == [NOT_ENOUGH, DRIFTED, DRIFTED]
    assert {one.method for one in found.values()} == {judge.title for judge in JUDGES.values()}


def mixed(rng: np.random.Generator, n: int, shift: float) -> pl.DataFrame:
    """Return days of numbers, ties, categories and gaps of which half may have moved by ``shift``."""
    days = int(rng.integers(3, 30))
    day = np.sort(rng.integers(0, days, n))
    each = rng.normal(0, rng.choice([0.0, 0.3, 2.0]), days)[day]
    gaps = rng.random(n) < 0.02 + 0.2 * shift
    columns: dict[str, Any] = {
        "day": [f"d{d:02}" for d in day],
        "number": rng.normal(size=n) + each + shift,
        "still": rng.normal(size=n) + each,
        "whole": rng.poisson(np.exp(1 + each / 4)) + round(shift),
        "level": (rng.random(n) * 4 + each / 3 + shift).clip(0, 9).astype(int).astype(str),
        "gaps": pl.Series(np.where(gaps, np.nan, rng.normal(size=n))),
    }
    return pl.DataFrame(columns)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.3, 1.0, 4.0]), st.integers(40, 3000), st.booleans())
def test_verdict_interval_and_q_value_never_contradict_each_other(
    seed: int, shift: float, n: int, by_days: bool
) -> None:
    rng = np.random.default_rng(seed)
    tables = [mixed(rng, 2 * n, 0.0), mixed(rng, n, shift)]
    if not by_days:
        tables = [table.drop("day") for table in tables]
    for found in compare_columns(tables[0], tables[1], block="day" if by_days else None):
        if found.interval is None or found.effect is None or found.q_value is None or found.margin is None:
            continue
        told_apart = found.interval.lower > 0
        assert found.interval.lower <= found.effect <= found.interval.upper
        assert told_apart == (found.q_value <= 0.05)
        matters, harmless = found.effect >= found.margin, found.interval.upper <= found.margin
        assert (found.verdict is DRIFTED) == (told_apart and matters)
        assert (found.verdict is STABLE) == (harmless and not (told_apart and matters))


def winter(rng: np.random.Generator, days: int, *, warmer: float = 0.0) -> pl.DataFrame:
    """Return the temperature of 200 flights a day, of days that resemble the day before."""
    state, each = rng.normal(), np.zeros(days)
    for day in range(days):
        state = 0.6 * state + 0.8 * rng.normal()
        each[day] = state
    day = np.repeat(np.arange(days), 200)
    temp = 35 + 8 * each[day] + 5 * rng.normal(size=day.size) + warmer
    return pl.DataFrame({"day": [f"d{d:03}" for d in day], "temp": temp})


def test_one_hot_week_is_told_from_two_months_of_winter_and_by_far() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        (found,) = compare_columns(winter(rng, 59), winter(rng, 7, warmer=35), block="day")
        assert found.verdict is DRIFTED
        assert found.interval is not None
        assert found.interval.lower > 0.25  # above the truth in 1 of 400 samples, as of a column among twenty


def test_a_week_of_the_same_winter_is_hardly_ever_called_drifted() -> None:
    verdicts: list[DriftVerdict] = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        verdicts += [c.verdict for c in compare_columns(winter(rng, 59), winter(rng, 7), block="day")]
    assert verdicts.count(DRIFTED) <= 5  # a twentieth, and what chance adds; nine tenths if every row counted as new


samples = st.lists(st.floats(-50, 50), min_size=3, max_size=80)


@settings(max_examples=60, deadline=None)
@given(samples)
def test_identical_samples_have_no_effect(values: list[float]) -> None:
    found = one(values, list(reversed(values)))
    assert (found.statistic, found.effect) == (0, 0) or found.verdict is STABLE
    assert found.verdict is not DRIFTED


@settings(max_examples=40, deadline=None)
@given(samples, samples, st.randoms(use_true_random=False))
@example([0.0] * 33 + [1.0], [0.0] * 33 + [1.0], Random(1))
def test_the_order_of_rows_is_irrelevant(before: list[float], after: list[float], random: Random) -> None:
    shuffled = after.copy()
    random.shuffle(shuffled)
    first, second = one(before, after), one(before, shuffled)
    assert (first.statistic, first.effect, first.p_value) == (second.statistic, second.effect, second.p_value)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1), st.floats(0.05, 1))
def test_a_larger_shift_has_no_smaller_effect(seed: int, shift: float, more: float) -> None:
    rng = np.random.default_rng(seed)
    before, after = rng.normal(size=400), np.abs(rng.normal(size=400)) + 0.5
    small, large = one(before, after + shift), one(before, after + shift + more)
    assert small.effect is not None
    assert large.effect is not None
    assert large.effect >= small.effect - 0.02

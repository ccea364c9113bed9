"""Every method equals SciPy's or its closed form, and says so where it is not applicable."""

import warnings
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from core.drift.counts import Counts, counted, from_summaries
from core.drift.methods import METHODS
from core.frames.summarising import summarise
from core.statistics.blocks import Floats

COLUMN_METHODS = [name for name, method in METHODS.items() if method.of_counts]
TABLE_METHODS = [name for name, method in METHODS.items() if method.of_tables]


def pairs() -> list[tuple[Floats, Floats]]:
    rng = np.random.default_rng(0)
    return [
        (rng.normal(size=800), rng.normal(0.1, 1.2, 500)),
        (rng.poisson(3, 900).astype(float), rng.poisson(3.4, 300).astype(float)),
        (rng.lognormal(size=60), rng.lognormal(0.5, 1, 40)),
    ]


def of(before: Any, after: Any) -> Counts:
    return counted(pl.Series(before), pl.Series(after))


@pytest.mark.parametrize("pair", pairs())
def test_tests_of_numbers_are_scipys(pair: tuple[Floats, Floats]) -> None:
    counts = of(*pair)
    for name, theirs in {
        "ks": stats.ks_2samp(*pair, method="asymp"),
        "cvm": stats.cramervonmises_2samp(*pair, method="asymptotic"),
    }.items():
        found = METHODS[name].measure(counts)
        assert found.value == pytest.approx(theirs.statistic, abs=1e-9)
        assert found.p_value == pytest.approx(theirs.pvalue, abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its p-value ends at 0.001 and 0.25
        theirs = stats.anderson_ksamp(pair, variant="midrank")
    found = METHODS["ad"].measure(counts)
    assert found.value == pytest.approx(theirs.statistic, abs=1e-9)
    assert found.p_value is not None
    if 0.002 < theirs.pvalue < 0.2:
        assert found.p_value == pytest.approx(theirs.pvalue, rel=0.1)  # theirs is interpolated


@pytest.mark.parametrize("pair", pairs())
def test_distances_of_numbers_are_scipys(pair: tuple[Floats, Floats]) -> None:
    before, after = pair
    low, high = np.quantile(before, [0.25, 0.75], method="inverted_cdf")
    scale = (high - low) / (2 * stats.norm.ppf(0.75))
    found = METHODS["wasserstein"].measure(of(before, after))
    assert found.value == pytest.approx(stats.wasserstein_distance(before, after) / scale, abs=1e-9)
    table = of(before, after).binned(10)
    p, q = table / table.sum(axis=1, keepdims=True)
    assert METHODS["js"].measure(of(before, after)).value == pytest.approx(jensenshannon(p, q, base=2), abs=1e-9)
    assert len(p) <= 10
    assert p.min() > 0


@pytest.mark.parametrize("levels", [2, 6, 40])
def test_tests_of_categories_are_scipys(levels: int) -> None:
    rng = np.random.default_rng(levels)
    before, after = (rng.choice(levels, n).astype(str) for n in (4_000, 3_000))
    counts = of(before, after)
    table = counts.table
    chi2 = stats.chi2_contingency(table, correction=False)
    found = METHODS["chi2"].measure(counts)
    assert (found.value, found.p_value) == pytest.approx((chi2.statistic, chi2.pvalue), abs=1e-9)
    ratio = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    found = METHODS["g"].measure(counts)
    assert (found.value, found.p_value) == pytest.approx((ratio.statistic, ratio.pvalue), abs=1e-9)
    p, q = table / table.sum(axis=1, keepdims=True)
    assert METHODS["js"].measure(counts).value == pytest.approx(jensenshannon(p, q, base=2), abs=1e-9)
    assert METHODS["tvd"].measure(counts).value == pytest.approx(np.abs(p - q).sum() / 2, abs=1e-9)
    hellinger = np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2)
    assert METHODS["hellinger"].measure(counts).value == pytest.approx(hellinger, abs=1e-9)


def test_cramers_v_of_many_rows_is_scipys() -> None:
    table = np.array([[50_000, 30_000, 20_000], [30_000, 30_000, 40_000]], dtype=np.float64)
    found = METHODS["v"].measure(Counts(kind="category", levels=("a", "b", "c"), reference=table[0], current=table[1]))
    theirs = stats.contingency.association(table.astype(int), method="cramer")
    assert found.value == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize("name", ["psi", "js", "hellinger", "g", "chi2", "ad", "ks", "cvm", "outside"])
def test_p_values_of_equal_populations_are_no_smaller_than_they_say(name: str) -> None:
    rng = np.random.default_rng(3)
    for n, m in [(400, 400), (2_000, 300)]:
        found = [METHODS[name].measure(of(rng.normal(size=n), rng.normal(size=m))).p_value for _ in range(400)]
        p_values = np.array(found, dtype=np.float64)
        for level in (0.05, 0.2):
            assert (p_values <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / 400)
        if name not in ("outside", "ks"):  # these two are discrete
            assert (p_values <= 0.2).mean() >= 0.2 - 4 * np.sqrt(0.16 / 400)


def test_rare_levels_are_dealt_anew() -> None:
    rng = np.random.default_rng(4)
    for name in ("psi", "js", "g"):
        p_values = [
            METHODS[name].measure(of(rng.choice(12, 40).astype(str), rng.choice(12, 30).astype(str))).p_value
            for _ in range(200)
        ]
        assert np.mean(np.array(p_values, dtype=np.float64) <= 0.05) <= 0.05 + 3 * np.sqrt(0.0475 / 200)


def test_closed_forms_of_normal_distributions() -> None:
    rng = np.random.default_rng(5)
    shift, n = 0.8, 400_000
    counts = of(rng.normal(size=n), rng.normal(shift, 1, n))
    gap = 2 * stats.norm.cdf(shift / 2) - 1
    assert METHODS["ks"].measure(counts).value == pytest.approx(gap, abs=0.004)
    assert METHODS["wasserstein"].measure(counts).value == pytest.approx(shift, abs=0.01)
    edges = stats.norm.ppf(np.arange(1, 10) / 10)
    q = np.diff(np.concatenate([[0], stats.norm.cdf(edges - shift), [1]]))
    assert METHODS["psi"].measure(counts).value == pytest.approx(((q - 0.1) * np.log(q / 0.1)).sum(), abs=0.01)
    assert METHODS["hellinger"].measure(counts).value == pytest.approx(
        np.sqrt(0.5 * ((np.sqrt(q) - np.sqrt(0.1)) ** 2).sum()), abs=0.004
    )


def test_the_law_of_the_stability_index_is_the_published_one() -> None:
    rng = np.random.default_rng(6)
    found = [METHODS["psi"].measure(of(rng.normal(size=1000), rng.normal(size=1000))).value for _ in range(400)]
    assert np.mean(np.array(found, dtype=np.float64)) == pytest.approx(9 * 2 / 1000, rel=0.08)


def test_rows_outside_the_range_and_levels_new_and_lost() -> None:
    counts = of(np.arange(100.0), np.array([-5.0, 3.0, 50.0, 120.0]))
    found = METHODS["outside"].measure(counts)
    assert found.value == 0.5
    assert found.p_value == pytest.approx(2 * 4 / 104)  # of 104 rows the last one is one of the four
    levels = of(["a"] * 90 + ["b"] * 9 + ["c"], ["a"] * 50 + ["z"] * 2)
    new, lost = (METHODS[name].measure(levels) for name in ("new_levels", "lost_levels"))
    assert new.value == pytest.approx(2 / 52)
    assert "'z' (3.8%)" in new.note
    assert "1.0% of new rows" in new.note
    assert lost.value == pytest.approx(0.1)
    assert lost.note.startswith("'b' (9.0%), 'c' (1.0%). 2 levels")


def test_the_shape_of_texts() -> None:
    found = METHODS["text_shape"].measure(of(["UA1545", "DL12"] * 50, ["UA1545", "dl-12"] * 50))
    assert found.value == pytest.approx(0.5)
    assert found.p_value is not None
    assert found.p_value < 1e-6


def test_whole_tables_that_move_only_together_are_told_apart() -> None:
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(2, 1500))
    apart, together = pl.DataFrame({"a": x, "b": y}), pl.DataFrame({"a": x, "b": x + 0.3 * y})
    same = pl.DataFrame({"a": rng.normal(size=1500), "b": rng.normal(size=1500)})
    for name in TABLE_METHODS:
        assert (METHODS[name].compare(apart, together).p_value or 1) <= 0.002
        assert (METHODS[name].compare(apart, same).p_value or 0) > 0.02


def test_the_discrepancy_is_that_of_its_definition() -> None:
    from sklearn.metrics.pairwise import rbf_kernel

    rng = np.random.default_rng(8)
    before, after = rng.normal(size=(30, 1)), rng.normal(0.5, 1, (20, 1))
    found = METHODS["mmd"].compare(pl.DataFrame({"x": before[:, 0]}), pl.DataFrame({"x": after[:, 0]}))
    values = (np.vstack([before, after]) - np.median(before)) / before.std()
    apart = (values - values.T)[np.triu_indices(50, 1)] ** 2
    k = rbf_kernel(values, gamma=1 / (2 * np.median(apart)))
    within = [(block.sum() - len(block)) / (len(block) * (len(block) - 1)) for block in (k[:30, :30], k[30:, 30:])]
    assert found.value == pytest.approx(sum(within) - 2 * k[:30, 30:].mean(), abs=1e-9)


@pytest.mark.parametrize("name", COLUMN_METHODS)
def test_summaries_give_the_same_as_rows(name: str) -> None:
    """Exactly where the values are counted, and nearly so where the bins of the sketch stand for them."""
    rng = np.random.default_rng(9)
    few = [pl.DataFrame({"x": rng.poisson(4, 3000) + shift, "c": rng.choice(list("abcd"), 3000)}) for shift in (0, 1)]
    many = [pl.DataFrame({"x": rng.normal(shift, 1, 5000)}) for shift in (0, 0.3)]
    for tables, column, close in ((few, "x", 1e-9), (few, "c", 1e-9), (many, "x", 0.02)):
        summaries = [summarise(table)[column] for table in tables]
        exact = METHODS[name].measure(counted(tables[0][column], tables[1][column]))
        found = METHODS[name].measure(from_summaries(summaries[0], summaries[1]))
        if exact.value is None:
            assert found.refusal == exact.refusal
            continue
        assert found.value == pytest.approx(exact.value, rel=close, abs=1e-3 if close > 1e-6 else 1e-9)


NASTY: dict[str, pl.Series] = {
    "empty": pl.Series([], dtype=pl.Float64),
    "empty text": pl.Series([], dtype=pl.String),
    "all null": pl.Series([None] * 40),
    "all NaN": pl.Series([float("nan")] * 40),
    "one row": pl.Series([1.5]),
    "one text": pl.Series(["a"]),
    "constant": pl.Series([7] * 40),
    "infinite": pl.Series([float("inf"), -float("inf"), 0.0, None] * 10),
    "huge": pl.Series([1e308, -1e308, 1e-308, 0.0] * 10),
    "boolean": pl.Series([True, False, None] * 15),
    "texts": pl.Series(["a", "", " ", "ä", None] * 10),
    "lists": pl.Series([[1], [2]] * 20),
    "durations": pl.Series([1, 2] * 20, dtype=pl.Duration("us")),
    "100,000 levels": pl.Series([f"l{i % 100_000}" for i in range(250_000)]),
    "100,000 numbers": pl.Series(np.arange(100_000) ** 1.5),
}


@pytest.mark.parametrize("before", list(NASTY))
def test_every_method_measures_or_refuses_whatever_a_column_holds(before: str) -> None:
    long = before == "100,000 levels"
    for after in [NASTY[before], NASTY["texts"], NASTY["one row"]] if long else NASTY.values():
        counts = counted(NASTY[before], after)
        for name in COLUMN_METHODS:
            found = METHODS[name].measure(counts)
            assert (found.value is None) == bool(found.refusal), name
            assert found.value is None or np.isfinite(found.value)
            assert found.p_value is None or 0 <= found.p_value <= 1


@pytest.mark.parametrize("name", TABLE_METHODS)
def test_every_method_of_tables_measures_or_refuses_whatever_its_columns_hold(name: str) -> None:
    """Alone, where most are refused, and as the third column of tables long enough to be told apart."""
    rng, measured = np.random.default_rng(10), 0
    for before, after in [*((one, one) for one in NASTY), *((one, "texts") for one in NASTY)]:
        alone = METHODS[name].compare(pl.DataFrame({"x": NASTY[before]}), pl.DataFrame({"x": NASTY[after]}))
        sides = [NASTY[each].extend_constant(None, max(0, 200 - len(NASTY[each]))) for each in (before, after)]
        tables = [
            pl.DataFrame({"a": rng.normal(size=len(side)), "b": rng.normal(size=len(side)), "x": side})
            for side in sides
        ]
        beside = METHODS[name].compare(*tables)
        for found in (alone, beside):
            assert (found.value is None) == bool(found.refusal), (before, after)
            assert found.value is None or (np.isfinite(found.value) and 0 <= (found.p_value or 0) <= 1)
        measured += beside.value is not None
    assert measured == 2 * len(NASTY)


@pytest.mark.parametrize("name", list(METHODS))
def test_every_entry_says_what_it_is(name: str) -> None:
    method = METHODS[name]
    assert method.formula
    assert method.misleads.endswith(".")
    assert method.source
    assert (method.of_counts is None) != (method.of_tables is None)
    if method.of_counts is None:
        assert method.measure(of([1.0], [2.0])).refusal
    else:
        assert method.compare(pl.DataFrame(), pl.DataFrame()).refusal

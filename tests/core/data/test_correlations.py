"""What columns tell of one another equals SciPy's figures, and what tells nothing reads as nothing."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from core.data.correlations import ROWS, Correlations, correlations


def found(folder: Path, frame: pl.DataFrame) -> Correlations:
    path = folder / "table.parquet"
    frame.write_parquet(path)
    return correlations(path)


def made(rows: int = 4_000) -> pl.DataFrame:
    chance = np.random.default_rng(2)
    x = chance.normal(size=rows)
    kind = chance.choice(["a", "b", "c"], rows)
    return pl.DataFrame(
        {
            "x": x,
            "against": -(x**3) + chance.normal(0, 0.5, rows),
            "alone": chance.normal(size=rows),
            "kind": kind,
            "twin": np.where(chance.random(rows) < 0.9, kind, "a"),
            "level": (kind == "a") * 2.0 + chance.normal(size=rows),
            "at": pl.datetime_range(pl.datetime(2024, 1, 1), pl.datetime(2024, 1, 1, 0, 0, rows - 1), "1s", eager=True)
            if rows <= 60
            else pl.Series([None] * rows, dtype=pl.Datetime),
        }
    )


def value(told: Correlations, first: str, second: str) -> float:
    return next(pair.value for pair in told.pairs if {pair.first, pair.second} == {first, second})


def test_two_numbers_have_spearmans_correlation(tmp_path: Path) -> None:
    frame = made()
    expected = stats.spearmanr(frame["x"], frame["against"]).statistic
    assert value(found(tmp_path, frame), "x", "against") == pytest.approx(expected, abs=1e-12)


def test_two_texts_have_cramers_v_without_its_bias(tmp_path: Path) -> None:
    frame = made()
    table = frame.pivot("twin", index="kind", values="x", aggregate_function="len").fill_null(0).drop("kind").to_numpy()
    n, (r, c) = table.sum(), table.shape
    phi = stats.chi2_contingency(table, correction=False).statistic / n - (r - 1) * (c - 1) / (n - 1)
    spare = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    assert value(found(tmp_path, frame), "kind", "twin") == pytest.approx(np.sqrt(phi / spare), abs=1e-12)


def test_a_text_and_a_number_have_the_correlation_ratio_without_its_bias(tmp_path: Path) -> None:
    frame = made()
    f = stats.f_oneway(*(part["level"].to_numpy() for part in frame.partition_by("kind"))).statistic
    # epsilon squared by the F of an analysis of variance
    expected = np.sqrt(2 * (f - 1) / (2 * f + frame.height - 3))
    assert value(found(tmp_path, frame), "kind", "level") == pytest.approx(expected, abs=1e-12)


def test_the_strongest_stand_first_and_times_are_left_out(tmp_path: Path) -> None:
    told = found(tmp_path, made())
    sizes = [abs(pair.value) for pair in told.pairs]
    assert sizes == sorted(sizes, reverse=True)
    assert told.columns == 6
    assert not [pair for pair in told.pairs if "at" in (pair.first, pair.second)]
    assert abs(value(told, "x", "alone")) < 0.06
    assert value(told, "kind", "alone") < 0.06


def test_a_missing_number_is_left_out_pair_by_pair(tmp_path: Path) -> None:
    frame = made().with_columns(pl.when(pl.int_range(pl.len()) % 4 > 0).then("x"))
    pair = next(p for p in found(tmp_path, frame).pairs if {p.first, p.second} == {"x", "alone"})
    assert pair.rows == 3_000


def test_a_large_table_is_drawn_from_the_same_rows_each_time(tmp_path: Path) -> None:
    frame = made(ROWS + 5_000)
    told = found(tmp_path, frame)
    assert told.rows == ROWS
    assert told == correlations(tmp_path / "table.parquet")
    expected = stats.spearmanr(frame["x"], frame["against"]).statistic
    assert value(told, "x", "against") == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("frame", [pl.DataFrame({"a": [1, 2, 3]}), made(29), pl.DataFrame({"a": []})])
def test_too_little_tells_nothing(tmp_path: Path, frame: pl.DataFrame) -> None:
    assert found(tmp_path, frame).pairs == ()

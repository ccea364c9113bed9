"""The profile of a table: exact in memory, within stated bounds where the table never is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import scipy.stats

from core.data import profile as module
from core.data.figures import BINS, SHARES
from core.data.profile import Profile, profile
from core.frames import summarising
from sample_data import FLIGHTS

ROWS = 20_000


def table() -> pl.DataFrame:
    chance = np.random.default_rng(11)
    start = datetime(2013, 1, 1, tzinfo=UTC)
    return pl.DataFrame(
        {
            "amount": chance.lognormal(3, 1, ROWS),
            "items": pl.Series(chance.integers(0, 9, ROWS)).cast(pl.Int16),
            "city": chance.choice(["Rome", "Oslo", "New York"], ROWS, p=[0.7, 0.2, 0.1]),
            "customer": ["most" if i % 50 == 0 else f"C{i // 2}" for i in range(ROWS)],
            "mail": [f"ann{i % 3_000}@example.org" for i in range(ROWS)],
            "at": [start + timedelta(minutes=7 * i) for i in range(ROWS)],
            "day": [(start + timedelta(days=i % 300)).date() for i in range(ROWS)],
            "paid": pl.Series(chance.random(ROWS) < 0.4),
            "gaps": pl.Series([None if i % 4 else i / 7 for i in range(ROWS)]),
        }
    )


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    table().write_parquet(tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


@pytest.fixture
def streamed(parquet: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    monkeypatch.setattr(module, "EXACT_ROWS", 1_000)
    monkeypatch.setattr(summarising, "BATCH_CELLS", 30_000)
    return profile(parquet)


def test_the_figures_are_those_of_numpy_and_scipy(parquet: Path) -> None:
    figures, values = profile(parquet)["amount"], table()["amount"].to_numpy()
    assert figures["min"] == values.min()
    assert figures["mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert figures["std"] == pytest.approx(values.std(ddof=1), rel=1e-9)
    assert figures["skewness"] == pytest.approx(scipy.stats.skew(values), rel=1e-9)
    assert figures["kurtosis"] == pytest.approx(scipy.stats.kurtosis(values), rel=1e-9)
    assert [figures[name] for name in SHARES] == pytest.approx(np.quantile(values, list(SHARES.values())).tolist())
    assert (figures["quantiles_within"], figures["unique"]) == (0.0, True)
    bins = figures["histogram"]
    assert len(bins["counts"]) == BINS == len(bins["edges"]) - 1
    assert sum(bins["counts"]) + bins["below"] + bins["above"] == ROWS


def test_texts_and_times_have_figures_of_their_own(parquet: Path) -> None:
    found = profile(parquet)
    assert found["city"]["top"][0]["value"] == "Rome"
    assert found["city"]["lengths"] == {"min": 4, "mean": pytest.approx(4.4, abs=0.05), "max": 8}
    assert {shape["value"] for shape in found["city"]["shapes"]} == {"Aa", "Aa Aa"}
    assert found["customer"]["shapes"][0]["value"] == "A9"
    assert found["at"]["min"] == "2013-01-01T00:00:00+00:00"
    assert found["at"]["median"] == "2013-02-18T14:36:30"
    assert (found["day"]["min"], found["day"]["max"]) == ("2013-01-01", "2013-10-27")
    assert found["gaps"]["nulls"] == 3 * ROWS // 4
    json.dumps(found, allow_nan=False)


def test_a_streamed_profile_is_exact_but_for_what_it_says(parquet: Path, streamed: Profile) -> None:
    exact = profile(parquet) if module.EXACT_ROWS > ROWS else _exactly(parquet)
    json.dumps(streamed, allow_nan=False)
    for name, figures in exact.items():
        found = streamed[name]
        assert list(found) == list(figures)
        for figure in ("kind", "type", "count", "nulls", "distinct", "unique", "min", "max", "zeros", "top", "shapes"):
            assert found.get(figure) == figures.get(figure), (name, figure)
        for figure in ("mean", "std", "skewness", "kurtosis"):
            if figures.get(figure) is not None:
                assert found[figure] == pytest.approx(figures[figure], rel=1e-9), (name, figure)
        if figures["kind"] == "number":
            within = found["quantiles_within"]
            assert within <= 0.01
            for quantile in SHARES:
                assert found[quantile] == pytest.approx(figures[quantile], rel=within + 1e-12), (name, quantile)


def _exactly(parquet: Path) -> Profile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT_ROWS", 10**9)
        return profile(parquet)


def test_bins_and_frequent_texts_are_counted_exactly_when_streamed(streamed: Profile) -> None:
    bins: dict[str, Any] = streamed["amount"]["histogram"]
    counts, _ = np.histogram(table()["amount"].to_numpy(), bins["edges"])
    assert bins["counts"] == counts.tolist()
    assert streamed["customer"]["top"][0] == {"value": "most", "count": ROWS // 50}
    assert streamed["city"]["top"] == _levels("city")
    assert "ann" not in json.dumps(streamed["mail"]["top"])


def _levels(name: str) -> list[dict[str, Any]]:
    counted = table()[name].value_counts().sort("count", descending=True)
    return [{"value": value, "count": count} for value, count in counted.iter_rows()]


def test_the_flights_have_a_profile() -> None:
    found = profile(FLIGHTS)
    assert found["pressure"]["missing_share"] == pytest.approx(0.115, abs=0.001)
    assert found["carrier"]["distinct"] == 16
    assert found["flight_id"]["unique"]
    assert [shape["value"] for shape in found["flight_id"]["shapes"]][:1] == ["9-A9-A-9"]

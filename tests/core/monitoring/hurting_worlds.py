"""Worlds in which is known why a metric changed."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.modelling.run import Feature
from core.scoping.criterion import Criterion

Floats = NDArray[np.float64]

FEATURES = (
    *(Feature(name=name, kind="number", lower=-4.0, upper=4.0) for name in ("temp", "wind", "humid")),
    Feature(name="carrier", kind="category", levels=("a", "b", "c", "d")),
    Feature(name="origin", kind="category", levels=("x", "y", "z")),
)


def agreed_on(metric: str, **parameters: float) -> Criterion:
    return Criterion(
        id="criterion",
        project_id="project",
        key="K1",
        metric=metric,
        parameters=parameters,
        direction=">=",
        threshold=0.5,
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def flights(
    seed: int,
    *,
    days: int = 31,
    a_day: int = 150,
    warmer: float = 0.0,
    day_effect: float = 0.5,
    concept: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return answered and labelled rows; a day has its own weather, and is bad or good for all of its flights.

    The model is right on average, but for ``concept``, which is added to the log-odds of what happens.
    """
    rng = np.random.default_rng(seed)
    rows, day = days * a_day, np.repeat(np.arange(days), a_day)
    inputs = pl.DataFrame(
        {
            "temp": np.clip(rng.normal(warmer, 0.5, days)[day] + rng.normal(0, 1, rows), -4, 4),
            "wind": np.clip(rng.normal(0, 1, rows), -4, 4),
            "humid": np.clip(rng.normal(0, 1, rows), -4, 4),
            "carrier": rng.choice(list("abcd"), rows),
            "origin": rng.choice(list("xyz"), rows),
        }
    )
    said = (-0.5 + 0.8 * inputs["temp"] + 0.5 * inputs["wind"] + 0.6 * (inputs["carrier"] == "a")).to_numpy()
    changed = inputs.select(odds=pl.lit(0.0) if concept is None else concept.cast(pl.Float64))["odds"]
    odds = (
        said
        + rng.normal(0, day_effect, days)[day]
        + (changed if len(changed) == rows else changed.new_from_index(0, rows)).to_numpy()
    )
    score = _sigmoid(said)
    return inputs.with_columns(
        score=score,
        predicted=pl.Series(np.where(score > 0.5, "1", "0")),
        label=pl.Series((rng.random(rows) < _sigmoid(odds)).astype(np.float64)),
        block=pl.Series([f"day {d}" for d in day]),
    )

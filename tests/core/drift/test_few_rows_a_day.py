"""Days of a few rows: what is rare comes in bunches, and is no evidence that anything moved."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from core.drift.judge import Side
from core.drift.judges import JUDGES

ROWS = 20


def numbers(rng: np.random.Generator, day: np.ndarray) -> list[object]:
    return (rng.normal(size=day.size) + rng.normal(0, 0.4, day.max() + 1)[day]).tolist()


def texts(rng: np.random.Generator, day: np.ndarray) -> list[object]:
    weights = np.exp(rng.normal(0, 0.3, (day.max() + 1, 8)) - np.arange(8) / 2)
    ends = (weights / weights.sum(axis=1, keepdims=True)).cumsum(axis=1)
    return [f"l{level}" for level in (rng.random(day.size)[:, None] > ends[day]).sum(axis=1)]


@pytest.mark.parametrize(("judge", "draw"), [("ks", numbers), ("tvd", texts)])
def test_a_small_p_value_is_as_rare_as_it_says(
    judge: str, draw: Callable[[np.random.Generator, np.ndarray], list[object]]
) -> None:
    rng = np.random.default_rng(5)

    def side(days: int) -> Side:
        day = np.repeat(np.arange(days), ROWS)
        return Side(values=pl.Series(draw(rng, day)), blocks=day)

    p_values = np.array([JUDGES[judge].compare(side(59), side(7)).at_least.p_value for _ in range(100)])
    assert (p_values <= 0.05).sum() <= 8
    assert (p_values <= 0.01).sum() <= 2

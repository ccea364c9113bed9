"""The noise of blocks: days that resemble the day before count as fewer."""

import numpy as np

from core.statistics.blocks import Floats
from core.statistics.contrast import contrast

ROWS = 200


def days(rng: np.random.Generator, n: int, *, like_before: float) -> Floats:
    """Return how many of 200 rows a day have a flag: its log-odds follow those of the day before."""
    state, odds = rng.normal(), np.zeros(n)
    for day in range(n):
        state = like_before * state + np.sqrt(1 - like_before**2) * rng.normal()
        odds[day] = 0.6 * state
    up = rng.binomial(ROWS, 1 / (1 + np.exp(-odds)))
    return np.column_stack([ROWS - up, up]).astype(np.float64)


def error_rates(like_before: float) -> tuple[float, float]:
    """Return how often 95 % intervals miss that nothing moved, and their mean width."""
    rng = np.random.default_rng(1)
    missed, widths = 0, []
    for _ in range(150):
        found = contrast(
            days(rng, 42, like_before=like_before),
            days(rng, 35, like_before=like_before),
            independent=False,
            cumulative=False,
        )
        missed += bool(abs(found.difference[1]) > found.half_width[1])
        widths.append(2 * found.half_width[1])
    return missed / 150, float(np.mean(widths))


def test_days_that_resemble_the_day_before_make_the_interval_wider() -> None:
    lasting, wide = error_rates(0.6)
    fresh, narrow = error_rates(0.0)
    assert fresh <= 0.07
    assert lasting <= 0.12  # a quarter and more if every day counted as new
    assert wide > 1.4 * narrow

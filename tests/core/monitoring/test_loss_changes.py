"""The loss of what served: in the order of event time, of labelled rows alone, bounded for a regression."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.monitoring.loss_changes import loss_changes
from core.scoping.project import TaskKind

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
TIMES = [BEGAN + timedelta(minutes=n) for n in range(4000)]


def rows(wrong: np.ndarray) -> pl.DataFrame:
    """Return rows of the champion, in random order, that are wrong where they are said to be."""
    return pl.DataFrame(
        {
            "entity_id": [f"e{n:05d}" for n in range(len(wrong))],
            "event_time": TIMES[: len(wrong)],
            "variant": "champion",
            "score": 0.5 + wrong,
            "predicted": np.where(wrong > 0, "1", "0").tolist(),
            "label": 0.5,
            "label_text": "0",
        }
    ).sample(fraction=1.0, shuffle=True, seed=4)


def test_the_order_is_that_of_event_time_and_only_the_champions_labelled_rows_count() -> None:
    wrong = (np.random.default_rng(7).random(4000) < np.repeat([0.05, 0.5], 2000)).astype(float)
    mine = rows(wrong)
    shadow = mine.with_columns(variant=pl.lit("shadow"), predicted=pl.lit("9"))
    unknown = mine.with_columns(label=pl.lit(None, pl.Float64), label_text=pl.lit(None, pl.String))
    found = loss_changes(pl.concat([shadow, mine, unknown]), TaskKind.BINARY, span=1.0)
    assert found.rows == 4000
    for name, moments in found.by_detector.items():
        assert TIMES[2000] < moments[0] < TIMES[2200], name


@pytest.mark.parametrize("unit", [1.0, 60.0])
def test_an_absolute_error_is_read_in_parts_of_the_span_whatever_its_unit(unit: float) -> None:
    missed = np.abs(np.random.default_rng(7).normal(0, np.repeat([0.5, 3.0], 2000))) * unit
    table = rows(missed)
    found = loss_changes(table, TaskKind.REGRESSION, span=10.0 * unit)
    assert set(found.by_detector) == {"ADWIN"}
    assert TIMES[2000] < found.by_detector["ADWIN"][0] < TIMES[2200]


def test_nothing_labelled_is_nothing_marked() -> None:
    assert loss_changes(rows(np.zeros(3)).clear(), TaskKind.BINARY, span=1.0).by_detector == {}

"""A window's labels are complete when hardly any more are to be expected; until then nothing is decided by them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.monitoring.maturity import completeness, held_back, labels_to_come
from core.monitoring.window import WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict

START = datetime(2026, 3, 2, tzinfo=UTC)
ENDS = START + timedelta(days=28)
RECALL, LATENCY = (
    Criterion(
        id=metric, project_id="p", key="K", metric=metric, parameters={}, direction=">=", threshold=0, created_at=START
    )
    for metric in ("recall", "latency_p95")
)


def window(mean_hours: float, as_of: datetime, *, never: float = 0.1) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return rows, the labels known by then, and how many more there will ever be."""
    generator = np.random.default_rng(3)
    count = 4_000
    times = [START + timedelta(hours=float(hours)) for hours in generator.uniform(0, 28 * 24, count)]
    seen = [t + timedelta(hours=float(h)) for t, h in zip(times, generator.exponential(mean_hours, count), strict=True)]
    comes = generator.random(count) >= never
    known = [c and s <= as_of for c, s in zip(comes, seen, strict=True)]
    ids = [str(n) for n in range(count)]
    rows = pl.DataFrame({"entity_id": ids, "event_time": times, "label": [1.0 if k else None for k in known]})
    labels = pl.DataFrame({"entity_id": ids, "observed_at": seen}).filter(pl.Series(known))
    return rows, labels, int(comes.sum()) - sum(known)


@pytest.mark.parametrize("mean_hours", [2, 24, 96])
def test_the_labels_to_come_are_foreseen_from_the_delays_of_the_others(mean_hours: float):
    rows, labels, coming = window(mean_hours, ENDS)
    assert labels_to_come(rows, labels, ENDS) == pytest.approx(coming, rel=0.25, abs=15)


@pytest.mark.parametrize(
    ("mean_hours", "later", "expected"),
    [
        (2, 0, WindowState.COMPLETE),  # one in ten never gets one, and is not waited for
        (96, 0, WindowState.MATURING),
        (96, 28, WindowState.COMPLETE),
        (24 * 400, 0, WindowState.MATURING),
    ],
)
def test_a_window_matures(mean_hours: float, later: int, expected: WindowState):
    as_of = ENDS + timedelta(days=later)
    rows, labels, _ = window(mean_hours, as_of)
    assert completeness([RECALL], rows, labels, as_of) is expected
    assert completeness([LATENCY], rows, labels, as_of) is WindowState.COMPLETE


def test_a_window_in_which_no_label_is_known_is_not_complete():
    rows, labels, _ = window(2, ENDS, never=1.0)
    assert completeness([RECALL], rows, labels, ENDS) is WindowState.MATURING


def test_early_labels_decide_nothing():
    rows, _, _ = window(96, ENDS)
    judged = [
        WindowJudgement(
            criterion_id=c.id,
            criterion_hash="h",
            model_version_id="v",
            variant="champion",
            estimate=None,
            verdict=verdict,
        )
        for c, verdict in ((RECALL, Verdict.NOT_MET), (LATENCY, Verdict.MET))
    ]
    held = held_back(judged, [RECALL, LATENCY], rows)
    assert [j.verdict for j in held] == [Verdict.UNDECIDED, Verdict.MET]
    assert held[0].reason.startswith("Labels are still coming: ")

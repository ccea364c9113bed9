from datetime import UTC, datetime
from typing import Any

import pytest

from core.scoping.criterion import Criterion, Verdict, judge
from core.statistics.estimate import Estimate, Interval


def criterion(direction: Any = ">=", threshold: float = 0.30, **changes: Any) -> Criterion:
    values: dict[str, Any] = {"metric": "recall", "parameters": {"cut": 0.3}} | changes
    return Criterion(
        id="c1",
        project_id="p1",
        key="K1",
        direction=direction,
        threshold=threshold,
        created_at=datetime(2013, 3, 1, tzinfo=UTC),
        **values,
    )


def estimate(value: float, lower: float, upper: float, blocks: int = 14) -> Estimate:
    return Estimate(value=value, interval=Interval(lower=lower, upper=upper), n=12_000, n_blocks=blocks)


@pytest.mark.parametrize(
    ("when", "measured", "verdict"),
    [
        ("hold-out March", (0.448, 0.363, 0.517), "met"),
        ("15 April", (0.265, 0.130, 0.388), "undecided"),
        ("22 April", (0.207, 0.093, 0.321), "undecided"),
        ("29 April", (0.144, 0.073, 0.218), "not_met"),
        ("1 July", (0.050, 0.028, 0.072), "not_met"),
        ("challenger", (0.507, 0.457, 0.556), "met"),
    ],
)
def test_the_recall_of_the_flights_story(when: str, measured: tuple[float, float, float], verdict: str) -> None:
    assert judge(criterion(), estimate(*measured)).verdict == verdict


@pytest.mark.parametrize(
    ("direction", "threshold", "measured", "verdict"),
    [
        (">=", 0.3, (0.4, 0.3, 0.5), "met"),
        (">=", 0.3, (0.2, 0.1, 0.3), "undecided"),
        ("<=", 50, (20, 18, 50), "met"),
        ("<=", 50, (70, 50, 90), "undecided"),
        ("<=", 50, (70, 50.1, 90), "not_met"),
        ("within", 0.05, (-0.005, -0.045, 0.03), "met"),
        ("within", 0.05, (-0.193, -0.278, -0.112), "not_met"),
        ("within", 0.05, (0.1, 0.06, 0.14), "not_met"),
        ("within", 0.05, (-0.079, -0.117, -0.039), "undecided"),
        ("within", 0.05, (0.0, -0.2, 0.2), "undecided"),
    ],
)
def test_both_ends_count(direction: str, threshold: float, measured: tuple[float, float, float], verdict: str) -> None:
    assert judge(criterion(direction, threshold), estimate(*measured)).verdict == verdict


def test_an_undecided_criterion_says_how_many_more_days_decide_it() -> None:
    judged = judge(criterion(), estimate(0.265, 0.130, 0.388))
    # half-width 0.123 must shrink to 0.035: 14 * (0.123 / 0.035)^2 - 14 = 159 days is hopeless
    assert judged.blocks_to_decide is None
    judged = judge(criterion(), estimate(0.207, 0.093, 0.321))
    assert judged.blocks_to_decide == 8
    assert judge(criterion(), estimate(0.3, 0.2, 0.4)).blocks_to_decide is None
    wide = judge(criterion("within", 0.05), estimate(0.0, -0.1, 0.06))
    assert wide.blocks_to_decide == 42


def test_too_few_blocks_decide_nothing() -> None:
    judged = judge(criterion(), Estimate(value=0.9, n=3000, n_blocks=3))
    assert (judged.verdict, judged.blocks_to_decide) == (Verdict.UNDECIDED, 2)
    assert "3 days" in judged.reason


def test_a_count_of_a_whole_is_taken_by_its_value() -> None:
    monitor = criterion("<=", 0.05, metric="out_of_range", parameters={})
    for value, verdict in [(0.0, "met"), (0.05, "met"), (0.114, "not_met")]:
        assert judge(monitor, Estimate(value=value, n=12_000, n_blocks=0)).verdict == verdict


def test_nothing_to_measure_on_is_not_applicable_with_its_reason() -> None:
    judged = judge(criterion(), None, reason="No late flight in this window.")
    assert (judged.verdict, judged.reason) == (Verdict.NOT_APPLICABLE, "No late flight in this window.")
    assert judge(criterion(), None).reason

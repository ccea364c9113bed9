from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.deployment.gate import evaluate_gate, gate_state, needs_reason
from core.deployment.model_version import GateState, Parity
from core.modelling.run import Evaluation
from core.scoping.criterion import Criterion, Role, Stage, Verdict
from core.statistics.estimate import Estimate, Interval

RECALL = Criterion(
    id="a",
    project_id="p",
    key="K1",
    metric="recall",
    parameters={"cut": 0.3},
    direction=">=",
    threshold=0.3,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
LATENCY = replace(RECALL, id="b", key="K2", metric="latency_p95", parameters={}, direction="<=", threshold=50.0)


def estimate(lower: float, upper: float) -> Estimate:
    value = (lower + upper) / 2
    return Estimate(value=value, interval=Interval(lower=lower, upper=upper), n=1_000, n_blocks=30)


def parity(lower: float = 0.1, upper: float = 0.2) -> Parity:
    return Parity(rows=10, largest_difference=0.0, mismatches=0, tolerance=1e-5, latency=estimate(lower, upper))


def measured(lower: float, upper: float, *, cut: float = 0.3) -> list[Evaluation]:
    found = estimate(lower, upper)
    return [Evaluation(metric="recall", parameters={"cut": cut}, criterion_id="older version", estimate=found)]


@pytest.mark.parametrize(
    ("lower", "upper", "verdict", "state", "reason"),
    [
        (0.35, 0.5, Verdict.MET, GateState.OPEN, False),
        (0.25, 0.5, Verdict.UNDECIDED, GateState.OPEN, True),
        (0.1, 0.2, Verdict.NOT_MET, GateState.CLOSED, True),
    ],
)
def test_only_what_is_not_met_closes_the_gate(
    lower: float, upper: float, verdict: Verdict, state: GateState, reason: bool
) -> None:
    lines = evaluate_gate(measured(lower, upper), parity(), [RECALL, LATENCY])
    assert [line.verdict for line in lines] == [verdict, Verdict.MET]
    assert lines[0].criterion_hash == RECALL.content_hash
    assert (gate_state(lines), needs_reason(lines)) == (state, reason)


def test_latency_is_judged_on_the_parity_check() -> None:
    lines = evaluate_gate(measured(0.4, 0.5), parity(80, 90), [RECALL, LATENCY])
    assert gate_state(lines) is GateState.CLOSED


def test_monitors_and_criteria_of_production_do_not_guard_the_gate() -> None:
    others = [replace(RECALL, role=Role.MONITOR), replace(RECALL, stages=(Stage.LIVE,))]
    assert evaluate_gate(measured(0.0, 0.1), parity(), others) == ()


def test_what_was_not_measured_at_this_cut_does_not_apply_and_does_not_block() -> None:
    (line,) = evaluate_gate(measured(0.0, 0.1, cut=0.5), parity(), [RECALL])
    assert line.verdict is Verdict.NOT_APPLICABLE
    assert line.reason
    assert gate_state([line]) is GateState.OPEN

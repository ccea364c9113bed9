"""The gate: what the criteria of the hold-out say about letting a version in."""

from collections.abc import Sequence

from core.deployment.model_version import GateLine, GateState, Parity
from core.metrics import METRICS
from core.modelling.run import Evaluation
from core.scoping.criterion import Criterion, Role, Stage, Verdict, judge


def evaluate_gate(
    evaluations: Sequence[Evaluation], parity: Parity, criteria: Sequence[Criterion]
) -> tuple[GateLine, ...]:
    """Judge every criterion that guards the gate; monitors and criteria of production alone are not among them.

    Latency is judged on the parity check's calls, everything else on the run's evaluation of the hold-out.
    """
    guarding = [c for c in criteria if c.applies(Stage.OFFLINE) and c.role is Role.GATE]
    return tuple(_line(criterion, evaluations, parity) for criterion in guarding)


def gate_state(lines: Sequence[GateLine]) -> GateState:
    """Return whether the gate is open: only a criterion that is not met closes it."""
    return GateState.CLOSED if any(line.verdict is Verdict.NOT_MET for line in lines) else GateState.OPEN


def needs_reason(lines: Sequence[GateLine]) -> bool:
    """Tell whether an approver has to say why: a criterion is undecided, or not met and overridden."""
    return any(line.verdict in {Verdict.UNDECIDED, Verdict.NOT_MET} for line in lines)


def _line(criterion: Criterion, evaluations: Sequence[Evaluation], parity: Parity) -> GateLine:
    metric = METRICS.get(criterion.metric)
    if metric is not None and metric.needs == "latency":
        estimate = parity.latency if criterion.metric == "latency_p95" else None
    else:
        estimate = next((e.estimate for e in evaluations if e.answers(criterion)), None)
    judgement = judge(criterion, estimate, reason="" if estimate else "The run did not measure it on its hold-out.")
    return GateLine(
        criterion_id=criterion.id,
        criterion_hash=criterion.content_hash,
        estimate=estimate,
        verdict=judgement.verdict,
        reason=judgement.reason,
    )

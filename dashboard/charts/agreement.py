"""What was agreed, in words: a criterion's title, its unit, its threshold, and how its verdict is shown."""

from collections.abc import Mapping
from dataclasses import replace

from core.metrics import METRICS
from core.scoping.criterion import Criterion, Role, Verdict
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.criteria import CriterionRow
from dashboard.vocabulary import DIRECTIONS, State, state_of

_UNITS: Mapping[str, str] = {"points": "points", "ms": "ms", "target": "label", "auc": "score"}
_PER_CENT = ("error_rate", "out_of_range")


def unit(criterion: Criterion) -> str:
    """Return the unit in which ``formats`` writes a criterion's figures: scores with decimals, few shares in %."""
    if criterion.metric in _PER_CENT:
        return "share"
    return _UNITS.get(METRICS[criterion.metric].unit, "score")


def title(criterion: Criterion) -> str:
    """Return what a criterion asks for, as plain text: ``Recall``, or ``Recall where origin is JFK``."""
    name = METRICS[criterion.metric].title
    words = {"==": "is", "!=": "is not"}
    conditions = [f"{c.column} {words.get(c.operator, c.operator)} {c.value}" for c in criterion.slice.conditions]
    return f"{name} where {formats.sentence(conditions)}" if conditions else name


def agreed(criterion: Criterion) -> str:
    """Return what was agreed, in words: ``at least 0.300``."""
    threshold = formats.metric(abs(criterion.threshold), unit(criterion)).lstrip("+")
    return f"{DIRECTIONS[criterion.direction]}{'' if criterion.direction == 'within' else ' '}{threshold}"


def figure(criterion: Criterion, estimate: Estimate | None) -> str:
    """Return a criterion's figure with its interval, in its unit."""
    return formats.estimate(estimate, unit(criterion))


def shown(criterion: Criterion, verdict: Verdict) -> State:
    """Return how a verdict is shown: a monitor that is not met is a reason to look, so amber and never red."""
    state = state_of(verdict)
    return replace(state, colour="orange") if verdict is Verdict.NOT_MET and criterion.role is Role.MONITOR else state


def strip_row(criterion: Criterion, estimate: Estimate | None, verdict: Verdict) -> CriterionRow:
    """Return a criterion as a line of the criteria strip."""
    return CriterionRow(
        key=criterion.key,
        title=title(criterion),
        direction=criterion.direction,
        threshold=criterion.threshold,
        unit=unit(criterion),
        estimate=estimate,
        verdict=verdict,
    )

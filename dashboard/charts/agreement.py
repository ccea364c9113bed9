"""What was agreed, in words: a criterion's title, its unit, its threshold, and how its verdict is shown."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from core.lifecycle.verdicts import LiveVerdict
from core.metrics import METRICS
from core.scoping.criterion import Criterion, Role, Verdict
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.criteria import CriterionRow
from dashboard.vocabulary import DIRECTIONS, State, state_of

_UNITS: Mapping[str, str] = {"points": "points", "ms": "ms", "target": "label", "auc": "score"}
_NOT_ROWS: Mapping[str, str] = {"latency_p95": "call", "failed_requests": "request"}
_IN_PER_CENT: Mapping[str, str] = {"out_of_range": "share", "failed_requests": "small share"}


def unit(criterion: Criterion) -> str:
    """Return the unit in which ``formats`` writes a criterion's figures: scores with decimals, few shares in %."""
    return unit_of(criterion.metric)


def unit_of(metric: str) -> str:
    """Return the unit in which ``formats`` writes a metric's figures."""
    return _IN_PER_CENT.get(metric) or _UNITS.get(METRICS[metric].unit, "score")


def title(criterion: Criterion) -> str:
    """Return what a criterion asks for, as plain text: ``Recall``, or ``Recall where origin is JFK``."""
    by = criterion.parameters.get("by")
    name = f"{METRICS[criterion.metric].title}{f' by {by}' if by else ''}"
    words = {"==": "is", "!=": "is not"}
    conditions = [f"{c.column} {words.get(c.operator, c.operator)} {c.value}" for c in criterion.slice.conditions]
    return f"{name} where {formats.sentence(conditions)}" if conditions else name


def constants(criterion: Criterion) -> str:
    """Return the constants of a criterion's metric, as plain text: ``cut 0.3, by origin``; nothing without any."""
    return ", ".join(
        f"{name} {value if isinstance(value, str) else format(value, 'g')}"
        for name, value in criterion.parameters.items()
    )


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
        state=shown(criterion, verdict),
    )


def resampled(block: str) -> str:
    """Return how intervals are made, as half a sentence, for what stands behind a figure."""
    if block == "row":
        return "rows are resampled one by one, because nothing groups them"
    return f"whole {block}s are resampled, never rows, because rows of one {block} resemble one another"


def windows_of(criterion: Criterion) -> str:
    """Return which windows a criterion judges, in one sentence."""
    if criterion.window_rows and criterion.every_rows:
        held = formats.plural(criterion.window_rows, "prediction")
        again = f"after {formats.count(criterion.every_rows)} more" if criterion.every_rows > 1 else "with each more"
        return f"A window holds {held}, those of one instant together; the next is full {again}."
    lasts, every = formats.plural(criterion.window_days, "day"), formats.plural(criterion.every_days, "day")
    return f"A window is {lasts} long; one ends every {every}."


def says(now: LiveVerdict, zone: ZoneInfo) -> str:
    """Return what production says of a criterion, as Markdown: figure, interval, what was agreed, verdict, since when.

    ``Recall **0.046 [0.025, 0.065]**, agreed at least 0.300: **not met** since 29 Apr 2013 (10 windows)``
    """
    criterion, state = now.criterion, shown(now.criterion, now.verdict)
    figures = f"**{figure(criterion, now.judgement.estimate)}**, agreed {agreed(criterion)}"
    days = now.judgement.blocks_to_decide
    more = f", needs about {formats.plural(days, f'more {criterion.block}')}" if days else _too_few(now)
    since = f" since {formats.last_day(now.since, zone)} ({formats.plural(now.windows, 'window')})"
    return f"{formats.escape(title(criterion))} {figures}: **{state.word}**{since}{more}"


def _too_few(now: LiveVerdict) -> str:
    measured = now.judgement.estimate
    if measured is None or not now.too_few:
        return ""
    return f", {rests_on(now.criterion, measured)} are too few for an interval"


def rests_on(criterion: Criterion, measured: Estimate | None) -> str:
    """Return what a figure rests on: ``1,739 rows over 73 days``; response times rest on ``200 calls``."""
    if measured is None:
        return formats.NOTHING
    if criterion.metric in _NOT_ROWS:
        return formats.plural(measured.n, _NOT_ROWS[criterion.metric])
    return formats.basis(measured, criterion.block)

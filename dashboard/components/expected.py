"""What was to be expected without labels, in words: a figure with its method, or why nothing could be said."""

from core.lifecycle.life import Life
from core.monitoring.window import Window, WithoutLabels
from core.scoping.criterion import Criterion, Role
from dashboard import formats
from dashboard.charts.agreement import figure, unit

EXPECTED_METHOD = """

**Estimated without labels** is what the metric would be if the same inputs led to the same outcomes as in the hold-out.
CBPE calibrates the scores on the hold-out and counts each row as positive by its probability; PAPE first weights the
hold-out rows to look like the window's; DLE learns how far a predicted number misses. The band is 95 %: the hold-out is
drawn again by block and calibrated anew, and the window's rows turn out by chance, those of one block alike. It judges
nothing. What it cannot see is concept drift: that the same inputs now lead to other outcomes.
"""


def expected_newest(life: Life, criterion: Criterion) -> str:
    """Return what was expected in the newest window, as Markdown."""
    judged = life.judgements(criterion)
    if not judged:
        return "No window was judged by it yet."
    window, judgement = judged[-1]
    days = formats.last_day(window.ends, life.project.zone)
    return f"Window to {days}. {expected_words(criterion, judgement.without_labels)}"


def expected_words(criterion: Criterion, found: WithoutLabels | None) -> str:
    """Return what was expected of a criterion and what of the realised value it leaves open, as Markdown."""
    if found is None:
        return _not_asked(criterion)
    if found.estimate is None:
        return f"Not estimated without labels: {formats.escape(found.reason)}"
    said = f"Estimated without labels ({found.method}): **{figure(criterion, found.estimate)}**."
    return f"{said} {unexplained_words(criterion, found)}".rstrip()


def unexplained_words(criterion: Criterion, found: WithoutLabels) -> str:
    """Return realised minus estimated with its interval and what it means; empty before labels are known."""
    if found.explained is None:
        return ""
    gap = f"Realised minus estimated **{formats.difference(found.unexplained, unit(criterion))}**"
    if found.explained:
        return f"{gap}: what was realised is what these inputs led one to expect."
    return f"{gap}: the inputs do not explain it. The same inputs now lead to other outcomes (concept drift)."


def expected_cell(criterion: Criterion, found: WithoutLabels | None) -> str:
    """Return the figure for a table, or a dash."""
    return figure(criterion, found.estimate if found else None)


def any_expected(window: Window) -> bool:
    """Tell whether estimates without labels were asked for in a window."""
    return any(judgement.without_labels is not None for judgement in window.judgements)


def _not_asked(criterion: Criterion) -> str:
    if criterion.role is not Role.GATE:
        return "Only gates are estimated without labels; this criterion is a monitor."
    return "No estimate without labels was kept of this window."

"""How weeks of production kept the rules of a contract: a rule a row, a week a column."""

from html import escape
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.lifecycle.kept_weeks import BrokenRule, KeptWeeks
from core.monitoring.window import RuleInWindow, Window
from dashboard import formats
from dashboard.charts.event_time import end_on_axis
from dashboard.charts.theme import Theme, faint, palette
from dashboard.vocabulary import state_of

MOST_RULES = 10
_ROW, _WIDE = 30, 42


def height(weeks: KeptWeeks) -> int:
    """Return how high the figure is."""
    return _ROW * min(len(weeks.broken), MOST_RULES) + 40


def rules_by_week(weeks: KeptWeeks, theme: Theme, zone: ZoneInfo) -> go.Figure:
    """Draw the rules that were broken, the worst on top: a square a week, coloured where it broke the rule."""
    colours, rules = palette(theme), weeks.broken[:MOST_RULES]
    cells = [(x, y, week, rule) for y, rule in enumerate(rules) for x, week in enumerate(rule.weeks)]
    fills = {rule.key: faint(colours.status(state_of(rule.severity).colour), 0.55) for rule in rules}
    squares = go.Scatter(
        x=[x for x, _, _, _ in cells],
        y=[y for _, y, _, _ in cells],
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": 24,
            "color": [fills[rule.key] if _is_broken(week) else faint(colours.gray, 0.12) for _, _, week, rule in cells],
        },
        text=["✕" if _is_broken(week) else "" if week and week.kept else "–" for _, _, week, _ in cells],
        textfont={"size": 11, "color": colours.ink},
        hovertext=[_hover(week, weeks.windows[x], rule, zone) for x, _, week, rule in cells],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    return go.Figure(
        squares,
        {
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": {
                "tickvals": list(range(len(weeks.windows))),
                "ticktext": [_day(window, zone) for window in weeks.windows],
                "range": [-0.5, len(weeks.windows) - 0.5],
                "tickangle": 0,
                "fixedrange": True,
            },
            "yaxis": {
                "tickvals": list(range(len(rules))),
                "ticktext": [_label(rule) for rule in rules],
                "range": [len(rules) - 0.5, -0.5],
                "showgrid": False,
                "ticksuffix": " ",
                "fixedrange": True,
            },
        },
    )


def _is_broken(week: RuleInWindow | None) -> bool:
    return week is not None and week.kept is False


def _day(window: Window, zone: ZoneInfo) -> str:
    local = end_on_axis(window.ends, zone)
    return f"{local.day} {local:%b}"


def _label(rule: BrokenRule) -> str:
    text = rule.text.replace("`", "")
    return escape(text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…")


def _hover(week: RuleInWindow | None, window: Window, rule: BrokenRule, zone: ZoneInfo) -> str:
    return f"<b>{escape(rule.text.replace('`', ''))}</b><br>{told(week)}<br>week to {_day(window, zone)}"


def told(week: RuleInWindow | None) -> str:
    """Return what became of a rule in a week, in words."""
    if week is None or week.kept is None:
        return "not tested"
    if week.kept:
        return "kept"
    return f"broken in {formats.share(week.share)} of {formats.plural(week.rows, 'row')}"

"""Runs side by side: what each measured, with its interval, against what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from core.scoping.criterion import Criterion, Verdict
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.agreement import agreed, figure, shown, unit
from dashboard.charts.theme import GREY, Theme, palette

ROW_HEIGHT = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run: ``baseline`` ones are drawn grey, for they are judged by nobody."""

    run_id: str
    title: str
    estimate: Estimate
    verdict: Verdict
    baseline: bool = False


def height(rows: Sequence[RunRow]) -> int:
    """Return how high the chart is."""
    return ROW_HEIGHT * len(rows) + 56


def run_estimates(rows: Sequence[RunRow], criterion: Criterion, theme: Theme) -> go.Figure:
    """Draw one line a run, the first on top: its estimate, its interval, and the agreed value as a dotted line."""
    drawn = go.Figure()
    for place, row in enumerate(rows):
        drawn.add_traces(_row(row, place, criterion, theme))
    _agreed_lines(drawn, criterion, theme, len(rows))
    drawn.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[escape(row.title, quote=False) for row in rows],
        range=[len(rows) - 0.5, -0.9],
        showgrid=False,
        ticksuffix="  ",
    )
    suffix = {"share": ".0%", "points": "+.0%", "ms": ",.0f"}.get(unit(criterion))
    drawn.update_xaxes(tickformat=suffix, showgrid=True, nticks=8)
    drawn.update_layout(hovermode="closest")
    return drawn


def _row(row: RunRow, place: int, criterion: Criterion, theme: Theme) -> list[go.Scatter]:
    colours = palette(theme)
    state = shown(criterion, row.verdict)
    colour = colours.gray if row.baseline else colours.status(state.colour)
    bounds = row.estimate.interval
    ends = [bounds.lower, bounds.upper] if bounds else []
    hover = f"{escape(row.title, quote=False)}: {figure(criterion, row.estimate)}<extra></extra>"
    bar = go.Scatter(
        x=ends,
        y=[place] * len(ends),
        mode="lines",
        line={"color": colour, "width": 5},
        opacity=0.45,
        hoverinfo="skip",
        showlegend=False,
    )
    point = go.Scatter(
        x=[row.estimate.value],
        y=[place],
        mode="markers+text",
        marker={"color": colour, "size": 11, "symbol": "circle-open" if row.baseline else "circle"},
        text=[formats.metric(row.estimate.value, unit(criterion))],
        textposition="top center",
        textfont={"color": colours.muted, "size": 12},
        hovertemplate=hover,
        customdata=[row.run_id],
        showlegend=False,
        cliponaxis=False,
    )
    return [bar, point]


def _agreed_lines(drawn: go.Figure, criterion: Criterion, theme: Theme, count: int) -> None:
    ends = (-criterion.threshold, criterion.threshold) if criterion.direction == "within" else (criterion.threshold,)
    for place, x in enumerate(ends):
        drawn.add_shape(
            type="line", x0=x, x1=x, y0=-0.55, y1=count - 0.5, line={"color": GREY, "width": 1.5, "dash": "dot"}
        )
        if place == len(ends) - 1:
            drawn.add_annotation(
                x=x,
                y=-0.75,
                text=f"agreed {agreed(criterion)}",
                showarrow=False,
                font={"color": palette(theme).muted, "size": 12},
            )

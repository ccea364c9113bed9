"""An endpoint's log by day: how many rows it answered, how fast, and when something else began to serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from dashboard import formats
from dashboard.charts.theme import GREY, Theme, palette

HEIGHT = 270
MOST_TICKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutMark:
    """A change of what serves: when, and what began."""

    on: datetime
    title: str


def traffic_by_day(days: pl.DataFrame, marks: Sequence[RolloutMark], zone: ZoneInfo, theme: Theme) -> go.Figure:
    """Draw rows a day above, the 95th percentile of a day's response times below, and the rollouts as lines."""
    colours = palette(theme)
    drawn = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12, row_heights=[0.6, 0.4])
    x = days["day"].to_list()
    rows = go.Bar(
        x=x,
        y=days["rows"].to_list(),
        marker_color=colours.current,
        customdata=days["requests"].to_list(),
        hovertemplate="%{y:,} rows in %{customdata:,} requests<extra></extra>",
        name="rows",
    )
    latency = go.Scatter(
        x=x,
        y=days["p95_ms"].to_list(),
        mode="lines+markers",
        line={"color": colours.series[1], "width": 2},
        marker={"size": 4},
        hovertemplate="p95 %{y:,.1f} ms<extra></extra>",
        name="p95",
    )
    drawn.add_trace(rows, row=1, col=1)
    drawn.add_trace(latency, row=2, col=1)
    # days without rows take no room: a call of today beside a replay of 2013 would squeeze everything else
    shown = x[:: max(1, len(x) // MOST_TICKS)]
    words = [formats.day(date.fromisoformat(day)) for day in shown]
    drawn.update_xaxes(type="category", tickvals=shown, ticktext=words, tickangle=0, range=[-0.8, len(x) - 0.2])
    title = {"font": {"size": 12, "color": colours.muted}}
    drawn.update_yaxes(title={"text": "rows a day", **title}, nticks=5, row=1, col=1)
    drawn.update_yaxes(title={"text": "p95, ms", **title}, rangemode="tozero", nticks=4, row=2, col=1)
    most = max(days["rows"].to_list(), default=1)
    drawn.update_yaxes(range=[0, 1.25 * most], row=1, col=1)  # room for the names of what began
    for mark in marks:
        _mark(drawn, mark, x, zone, colours.muted)
    drawn.update_layout(hovermode="x unified", bargap=0.25)
    return drawn


def _mark(drawn: go.Figure, mark: RolloutMark, days: Sequence[str], zone: ZoneInfo, colour: str) -> None:
    began = mark.on.astimezone(zone).date().isoformat()
    moment = next((place for place, day in enumerate(days) if day >= began), len(days)) - 0.5
    line = {"color": GREY, "width": 1.5, "dash": "dot"}
    drawn.add_shape(type="line", x0=moment, x1=moment, y0=0, y1=1, xref="x", yref="paper", line=line)
    drawn.add_annotation(
        x=moment,
        y=1.0,
        xref="x",
        yref="paper",
        text=escape(mark.title, quote=False),
        showarrow=False,
        xanchor="left",
        yanchor="top",
        xshift=4,
        font={"size": 12, "color": colour},
    )

"""An endpoint's log by day: how many rows it answered, how fast, and when something else began to serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import polars as pl

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
        yaxis="y2",
    )
    lines, words = _marks(marks, x, zone, colours.muted)
    layout = {"shapes": lines, "annotations": words, "hovermode": "x unified", "bargap": 0.25}
    return go.Figure([rows, latency], {**layout, **_axes(days, colours.muted)})


def _axes(days: pl.DataFrame, colour: str) -> dict[str, Any]:
    """Return one axis of days at the foot, under the axis of rows and the axis of response times."""
    # days without rows take no room: a call of today beside a replay of 2013 would squeeze everything else
    x = days["day"].to_list()
    shown = x[:: max(1, len(x) // MOST_TICKS)]
    font = {"size": 12, "color": colour}
    most = max(days["rows"].to_list(), default=1)
    return {
        "xaxis": {
            "type": "category",
            "anchor": "y2",
            "tickvals": shown,
            "ticktext": [formats.day(date.fromisoformat(day)) for day in shown],
            "tickangle": 0,
            "range": [-0.8, len(x) - 0.2],
        },
        "yaxis": {
            "domain": [0.47, 1],
            "title": {"text": "rows a day", "font": font},
            "nticks": 5,
            "range": [0, 1.25 * most],  # room for the names of what began
        },
        "yaxis2": {
            "domain": [0, 0.35],
            "title": {"text": "p95, ms", "font": font},
            "rangemode": "tozero",
            "nticks": 4,
        },
    }


def _marks(
    marks: Sequence[RolloutMark], days: Sequence[str], zone: ZoneInfo, colour: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    line = {"color": GREY, "width": 1.5, "dash": "dot"}
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": line}
    word = {"y": 1.0, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4, "showarrow": False}
    places = [(_place(mark, days, zone), mark.title) for mark in marks]
    return (
        [upright | {"x0": x, "x1": x} for x, _ in places],
        [
            word | {"x": x, "text": escape(title, quote=False), "font": {"size": 12, "color": colour}}
            for x, title in places
        ],
    )


def _place(mark: RolloutMark, days: Sequence[str], zone: ZoneInfo) -> float:
    began = mark.on.astimezone(zone).date().isoformat()
    return next((place for place, day in enumerate(days) if day >= began), len(days)) - 0.5

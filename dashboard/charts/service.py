"""What the endpoint did, window by window: requests, those without an answer, response times, missing scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.monitoring.service import ServiceSignals
from core.monitoring.window import Window
from dashboard import formats
from dashboard.charts.event_time import end_on_axis, on_axis
from dashboard.charts.theme import GREY, Theme, palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The windows of a criterion, oldest first, and when another version began to serve.

    A window that kept no signals is a gap.
    """

    windows: Sequence[Window]
    marks: Sequence[datetime]
    zone: ZoneInfo

    @property
    def known(self) -> list[tuple[Window, ServiceSignals]]:
        """Return the windows that kept signals."""
        return [(window, window.service) for window in self.windows if window.service]


def requests(served: Served, theme: Theme) -> go.Figure:
    """Draw how many requests each window had, answered or not."""
    line = _line(served, [s.asked if s else None for s in _signals(served)], palette(theme).current, "%{y:,}")
    return _figure(served, [line], {"rangemode": "tozero", "tickformat": "~s"})


def latency(served: Served, theme: Theme) -> go.Figure:
    """Draw the median of the response times, and dotted what 95 of 100 stayed within."""
    colour, signals = palette(theme).current, _signals(served)
    median = _line(served, [s.median_ms if s else None for s in signals], colour, "median %{y:,.1f} ms")
    p95 = _line(served, [s.p95_ms if s else None for s in signals], colour, "p95 %{y:,.1f} ms", dash="dot")
    return _figure(served, [median, p95], {"rangemode": "tozero", "ticksuffix": " ms"})


def unanswered(served: Served, theme: Theme) -> go.Figure:
    """Draw the share of requests that failed, and dotted that of those refused; a gap where nobody counted them."""
    colour, signals = palette(theme).current, _signals(served)
    failed = [s.share_failed if s else None for s in signals]
    refused = [s.share_refused if s else None for s in signals]
    lines = [
        _line(served, failed, colour, "failed %{y:.2%}"),
        _line(served, refused, colour, "refused %{y:.2%}", dash="dot"),
    ]
    return _figure(served, lines, _small_shares(failed + refused))


def without_score(served: Served, theme: Theme) -> go.Figure:
    """Draw the share of answered rows that have no score."""
    shares = [s.share_without_score if s else None for s in _signals(served)]
    line = _line(served, shares, palette(theme).current, "%{y:.2%}")
    return _figure(served, [line], _small_shares(shares))


def rows_of(served: Served) -> list[dict[str, Any]]:
    """Return the table behind the figures."""
    return [
        {
            "window": formats.window(window, served.zone),
            "requests": signals.asked,
            "refused": signals.refused,
            "failed": signals.failed,
            "rows": signals.rows,
            "median": formats.metric(signals.median_ms, "ms"),
            "p95": formats.metric(signals.p95_ms, "ms"),
            "without a score": signals.without_score,
        }
        for window, signals in served.known
    ]


def _signals(served: Served) -> list[ServiceSignals | None]:
    return [window.service for window in served.windows]


def _small_shares(shares: Sequence[float | None]) -> dict[str, Any]:
    # an axis up to 0.05 % would make a mountain of one row
    return {"tickformat": ".1~%", "range": [0, max(0.01, *(share or 0 for share in shares)) * 1.1]}


def _line(
    served: Served, values: Sequence[float | None], colour: str, hover: str, *, dash: str = "solid"
) -> go.Scatter:
    return go.Scatter(
        x=[end_on_axis(window.ends, served.zone) for window in served.windows],
        y=values,
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": 1.6, "dash": dash},
        marker={"size": 4},
        hovertemplate=f"{hover}<extra></extra>",
    )


def _figure(served: Served, lines: list[go.Scatter], y_axis: dict[str, Any]) -> go.Figure:
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": {"color": GREY, "width": 1, "dash": "dot"}}
    moments = [on_axis(mark, served.zone) for mark in served.marks]
    layout = {
        "shapes": [upright | {"x0": at, "x1": at} for at in moments],
        "xaxis": {"tickformat": "%-d %b", "nticks": 4},
        "yaxis": {"nticks": 3, **y_axis},
    }
    return go.Figure(lines, layout)

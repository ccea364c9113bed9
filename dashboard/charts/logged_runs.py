"""Logged runs by one metric: the best by name, or groups of runs with their spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from dashboard.charts.run_scatter import threshold, word
from dashboard.charts.theme import Theme, faint, palette

ROW_HEIGHT = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line: a run, or a group of runs whose standard deviation is ``deviation``."""

    title: str
    value: float
    deviation: float | None = None


def height(bars: Sequence[Bar]) -> int:
    """Return how high the chart is."""
    return max(120, ROW_HEIGHT * len(bars) + 56)


def ranked(
    bars: Sequence[Bar],
    metric: str,
    theme: Theme,
    others: Sequence[float] = (),
    agreed: Sequence[tuple[float, str]] = (),
) -> go.Figure:
    """Draw a point a line, the first on top.

    ``others`` are values without a name, in a line of their own below; ``agreed`` are thresholds with their words.
    """
    places, colour = list(range(len(bars))), palette(theme).current
    points = go.Scatter(
        x=[bar.value for bar in bars],
        y=places,
        mode="markers",
        marker={"size": 9, "color": colour},
        error_x={"type": "data", "array": [bar.deviation or 0 for bar in bars], "color": colour, "thickness": 1.5},
        hovertemplate=[f"{escape(bar.title, quote=False)}: %{{x:.4g}}<extra></extra>" for bar in bars],
        showlegend=False,
        cliponaxis=False,
    )
    rest = go.Scatter(
        x=list(others),
        y=[len(bars)] * len(others),
        mode="markers",
        marker={"size": 12, "symbol": "line-ns", "line": {"width": 1, "color": faint(palette(theme).gray, 0.5)}},
        hovertemplate="%{x:.4g}<extra>one of the others</extra>",
        showlegend=False,
    )
    titles = [_short(bar.title) for bar in bars] + ([f"the {len(others):,} others"] if others else [])
    ticks = {"tickvals": list(range(len(titles))), "ticktext": titles}
    top = -1.5 if agreed else -0.7  # the words of a threshold stand above the first point
    upright = {**ticks, "range": [len(titles) - 0.5, top], "showgrid": False, "ticksuffix": "  "}
    across = {"title": {"text": escape(metric, quote=False)}, "showgrid": True, "nticks": 8}
    marks = {"shapes": [threshold("x", value) for value, _ in agreed]}
    marks["annotations"] = [
        word(words, theme, x=value, y=1, yref="paper", yanchor="top", xanchor="left", xshift=4)
        for value, words in agreed
    ]
    layout = {"xaxis": across, "yaxis": upright, "hovermode": "closest", **marks}
    return go.Figure([points, *([rest] if others else [])], layout)


def _short(title: str) -> str:
    return escape(title if len(title) <= 28 else f"{title[:27]}…", quote=False)

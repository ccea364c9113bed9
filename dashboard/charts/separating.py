"""By which columns rows of two times are told apart: one bar a column, the most telling on top."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.drift.joint import Separating
from dashboard import formats
from dashboard.charts.theme import Theme, palette

_ROW, _MOST = 26, 10


def separating_columns(columns: Sequence[Separating], theme: Theme) -> go.Figure:
    """Draw what the area under the curve loses without each column."""
    shown = [column for column in columns[:_MOST] if column.drop > 0]
    bars = go.Bar(
        x=[column.drop for column in shown],
        y=[column.column for column in shown],
        orientation="h",
        marker={"color": palette(theme).current},
        hovertemplate=[f"{column.column}: {formats.metric(column.drop)}<extra></extra>" for column in shown],
    )
    layout = {
        "hovermode": "closest",
        "bargap": 0.5,
        "xaxis": {"rangemode": "tozero", "nticks": 5, "showgrid": True},
        "yaxis": {"type": "category", "autorange": "reversed", "dtick": 1, "ticksuffix": " ", "showgrid": False},
    }
    return go.Figure(bars, layout)


def height(columns: Sequence[Separating]) -> int:
    """Return how high the figure is."""
    return _ROW * max(3, sum(column.drop > 0 for column in columns[:_MOST])) + 50

"""Which columns go together: one bar a pair, the strongest on top."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.data.correlations import Correlation
from dashboard import formats
from dashboard.charts.theme import GREY, Theme, palette

ROW_HEIGHT = 26
MOST = 12


def correlation_figure(pairs: Sequence[Correlation], theme: Theme) -> go.Figure:
    """Draw the strongest pairs from -1 (against each other) over 0 (nothing in common) to 1."""
    shown = pairs[:MOST]
    least = min([0.0, *(pair.value for pair in shown)])
    return go.Figure(
        go.Bar(
            x=[pair.value for pair in shown],
            y=list(range(len(shown))),
            orientation="h",
            marker={"color": palette(theme).current, "line": {"width": 0}},
            text=[formats.metric(pair.value) for pair in shown],
            textposition="auto",
            textfont={"size": 12},
            insidetextfont={"color": palette(theme).paper},
            hovertemplate=[
                f"{_words(pair)}: {pair.measure} {formats.metric(pair.value)}<br>{formats.plural(pair.rows, 'row')}"
                "<extra></extra>"
                for pair in shown
            ],
        ),
        {
            "yaxis": {
                "tickvals": list(range(len(shown))),
                "ticktext": [_words(pair) for pair in shown],
                "range": [len(shown) - 0.5, -0.5],
                "showgrid": False,
                "ticksuffix": "  ",
            },
            "xaxis": {"range": [-1.02 if least < 0 else 0, 1.02], "showgrid": True, "nticks": 8},
            "shapes": [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": GREY}}],
            "bargap": 0.35,
            "hovermode": "closest",
        },
    )


def correlation_height(pairs: Sequence[Correlation]) -> int:
    """Return how high the figure is."""
    return ROW_HEIGHT * len(pairs[:MOST]) + 44


def _words(pair: Correlation) -> str:
    return f"{_short(pair.first)} and {_short(pair.second)}"


def _short(name: str) -> str:
    plain = name.replace("<", "‹").replace(">", "›").replace("%", "％")
    return plain if len(plain) <= 24 else plain[:23] + "…"

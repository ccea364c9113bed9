"""The values of one column: numbers and times as a histogram, texts as their commonest values."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard import formats
from dashboard.charts.theme import Theme, palette

_LEVELS = 12


def can_draw(figures: Mapping[str, Any]) -> bool:
    """Tell whether a column has a spread to draw: bins, or texts that come more than once."""
    return bool(figures.get("histogram")) or (bool(figures.get("top")) and not figures["unique"])


def column_figure(figures: Mapping[str, Any], theme: Theme) -> go.Figure:
    """Draw how a column's values are spread, from its profile."""
    histogram = figures.get("histogram")
    return _bins(histogram, theme) if histogram else _levels(figures.get("top") or (), theme)


def column_rows(figures: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows behind the figure: values or bins with their counts."""
    histogram = figures.get("histogram")
    if not histogram:
        levels = figures.get("top") or ()
        return pl.DataFrame({"value": [str(x["value"]) for x in levels], "rows": [x["count"] for x in levels]})
    edges = [_edge(edge) for edge in histogram["edges"]]
    return pl.DataFrame({"from": edges[:-1], "to": edges[1:], "rows": histogram["counts"]})


def _bins(histogram: Mapping[str, Any], theme: Theme) -> go.Figure:
    edges, counts = histogram["edges"], histogram["counts"]
    spans = [f"{_edge(low)} to {_edge(high)}" for low, high in pairwise(edges)]
    drawn = go.Figure(
        go.Bar(
            x=edges[:-1],
            y=counts,
            marker={"color": palette(theme).current, "line": {"width": 0}},
            customdata=spans,
            hovertemplate="%{customdata}<br>%{y:,} rows<extra></extra>",
        )
    )
    drawn.update_layout(bargap=0.06, hovermode="closest")
    drawn.update_yaxes(**_count_ticks(counts, most=5))
    return drawn


def _levels(levels: Any, theme: Theme) -> go.Figure:
    shown = list(levels)[:_LEVELS]
    drawn = go.Figure(
        go.Bar(
            x=[level["count"] for level in shown],
            y=[str(level["value"])[:30] for level in shown],
            orientation="h",
            marker={"color": palette(theme).current, "line": {"width": 0}},
            hovertemplate="%{y}<br>%{x:,} rows<extra></extra>",
        )
    )
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False)
    drawn.update_xaxes(**_count_ticks([level["count"] for level in shown], most=6))
    drawn.update_layout(bargap=0.25, hovermode="closest")
    return drawn


def _count_ticks(counts: Sequence[int], *, most: int) -> dict[str, Any]:
    """Return where an axis of counts has its ticks: on whole numbers, or two of them would read alike."""
    steps = {"dtick": 1} if max(counts, default=0) < most else {"nticks": most}
    return {"tickformat": ",d", "rangemode": "tozero", **steps}


def _edge(value: Any) -> str:
    return str(value)[:16].replace("T", " ") if isinstance(value, str) else formats.metric(value, "label")

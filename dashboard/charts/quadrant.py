"""Does it matter? What a model uses most against what moved most."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.drift.column_drift import ColumnDrift
from dashboard import formats
from dashboard.charts.theme import GREY, Theme, palette
from dashboard.vocabulary import state_of

_NAMED = 6


def importance_and_effect(
    columns: Sequence[ColumnDrift], importance: Mapping[str, float], chosen: str, theme: Theme
) -> go.Figure:
    """Draw a point a column: across what the model loses without it, upwards how far it moved, with its interval."""
    colours = palette(theme)
    drawn = [column for column in columns if column.effect is not None and column.column in importance]
    foremost = sorted(drawn, key=lambda c: -(c.effect or 0) * max(importance[c.column], 0))[:_NAMED]
    named = {column.column for column in foremost} | {chosen}
    fills = [colours.status(state_of(column.verdict).colour) for column in drawn]
    points = go.Scatter(
        x=[importance[column.column] for column in drawn],
        y=[column.effect for column in drawn],
        customdata=[[column.column] for column in drawn],
        mode="markers+text",
        text=[column.column if column.column in named else "" for column in drawn],
        textposition="top center",
        textfont={"size": 12, "color": colours.ink},
        marker={
            "size": [14 if column.column == chosen else 9 for column in drawn],
            "color": fills,
            "line": {"color": colours.ink, "width": [2 if column.column == chosen else 0 for column in drawn]},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [_above(column) for column in drawn],
            "arrayminus": [_beneath(column) for column in drawn],
            "color": GREY,
            "thickness": 1,
            "width": 0,
        },
        hovertext=[
            f"<b>{column.column}</b><br>{state_of(column.verdict).cell}<br>effect {formats.metric(column.effect)} "
            f"{formats.interval(column.interval)}<br>importance {formats.metric(importance[column.column])}"
            for column in drawn
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    title = {"font": {"size": 12}}
    layout = {
        "hovermode": "closest",
        "clickmode": "event+select",
        "dragmode": False,
        "xaxis": {"title": title | {"text": "importance to the model"}, "nticks": 6, "fixedrange": True},
        "yaxis": {"title": title | {"text": "effect"}, "rangemode": "tozero", "nticks": 6, "fixedrange": True},
    }
    return go.Figure(points, layout)


def _above(column: ColumnDrift) -> float:
    return max(0.0, column.interval.upper - (column.effect or 0.0)) if column.interval else 0.0


def _beneath(column: ColumnDrift) -> float:
    return max(0.0, (column.effect or 0.0) - column.interval.lower) if column.interval else 0.0

"""What moved between two files: the effect of each column with its interval, against the margin that matters."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.data.in_full import Moved
from dashboard import formats
from dashboard.charts.theme import GREY, QUIET, Theme, palette
from dashboard.vocabulary import state_of

ROW_HEIGHT = 26
MOST = 14


def effects(columns: Sequence[Moved], theme: Theme) -> go.Figure:
    """Draw one line a column, the worst on top: the dot is the effect, the bar its interval, the tick the margin."""
    figure = go.Figure()
    shown = [column for column in columns if column.effect is not None][:MOST]
    names = [_short(column.column) for column in shown]
    for place, column in enumerate(shown):
        figure.add_traces(_line(column, place, theme))
    reach = max((max(c.effect or 0, c.interval.upper if c.interval else 0, c.margin or 0) for c in shown), default=1.0)
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=names,
        range=[len(shown) - 0.5, -0.9],
        showgrid=False,
        ticksuffix="  ",
    )
    figure.update_xaxes(range=[-0.012 * reach, 1.08 * reach], title=None, showgrid=False)
    _name_the_margin(figure, shown, theme)
    figure.update_layout(hovermode="closest", clickmode="event+select", dragmode=False)
    return figure


def height(columns: Sequence[Moved]) -> int:
    """Return how high the figure is."""
    return ROW_HEIGHT * min(MOST, sum(column.effect is not None for column in columns)) + 56


def _line(column: Moved, place: int, theme: Theme) -> list[go.Scatter]:
    state = state_of(column.verdict)
    colour = palette(theme).status(state.colour)
    bounds = column.interval
    margin = go.Scatter(
        x=[column.margin, column.margin],
        y=[place - 0.36, place + 0.36],
        mode="lines",
        line={"color": GREY, "width": 1.5},
        hoverinfo="skip",
    )
    bar = go.Scatter(
        x=[bounds.lower, bounds.upper] if bounds else [],
        y=[place] * 2 if bounds else [],
        mode="lines",
        line={"color": colour, "width": 5},
        opacity=0.45,
        hoverinfo="skip",
    )
    said = f"{_short(column.column)}: {formats.metric(column.effect)} {formats.interval(bounds)}, {state.word}"
    dot = go.Scatter(
        x=[column.effect],
        y=[place],
        mode="markers",
        marker={"color": colour, "size": 10},
        hovertemplate=f"{said}<extra></extra>",
        customdata=[[column.column]],
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    rail = go.Scatter(
        x=[0, 1], y=[place] * 2, mode="lines", line={"color": QUIET, "width": 1}, hoverinfo="skip", cliponaxis=True
    )
    return [rail, margin, bar, dot] if column.margin is not None else [rail, bar, dot]


def _name_the_margin(figure: go.Figure, shown: Sequence[Moved], theme: Theme) -> None:
    first = next((column for column in shown if column.margin is not None), None)
    if first is not None:
        figure.add_annotation(
            x=first.margin,
            y=-0.65,
            text="margin",
            showarrow=False,
            font={"color": palette(theme).muted, "size": 12},
        )


def _short(name: str) -> str:
    plain = name.replace("<", "‹").replace(">", "›").replace("%", "％")
    return plain if len(plain) <= 28 else plain[:27] + "…"

"""One run: what it leans on, and how its hold-out went day by day."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.theme import Theme, palette


def days_of_holdout(days: pl.DataFrame, theme: Theme, *, names: tuple[str, str]) -> go.Figure:
    """Draw what happened on each day of the hold-out, and what was predicted for it."""
    colours = palette(theme)
    drawn = go.Figure()
    for column, name, colour, dash in (
        ("happened", names[0], colours.reference, "dot"),
        ("predicted", names[1], colours.current, "solid"),
    ):
        drawn.add_trace(
            go.Scatter(
                x=days["block"].to_list(),
                y=days[column].to_list(),
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": dash},
                marker={"size": 5},
                name=name,
                customdata=days["rows"].to_list(),
                hovertemplate="%{y:.3f} (%{customdata:,} rows)",
            )
        )
    drawn.update_xaxes(tickformat="%-d %b\n%Y", nticks=12)
    return drawn

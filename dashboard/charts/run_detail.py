"""One run: what it leans on, how its scores hold, and how its hold-out went day by day."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.theme import GREY, Theme, palette


def calibration_curve(groups: pl.DataFrame, theme: Theme, *, axes: tuple[str, str]) -> go.Figure:
    """Draw groups of rows with like scores: what was predicted against what happened; on the line both agree."""
    low = min(groups["predicted"].min() or 0.0, groups["happened"].min() or 0.0)  # pyright: ignore
    high = max(groups["predicted"].max() or 1.0, groups["happened"].max() or 1.0)  # pyright: ignore
    drawn = go.Figure()
    drawn.add_trace(
        go.Scatter(
            x=[low, high],
            y=[low, high],
            mode="lines",
            line={"color": GREY, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
            name="both agree",
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=groups["predicted"].to_list(),
            y=groups["happened"].to_list(),
            mode="lines+markers",
            line={"color": palette(theme).current, "width": 2},
            marker={"size": 9},
            customdata=groups["rows"].to_list(),
            hovertemplate="predicted %{x:.3f}, happened %{y:.3f} (%{customdata:,} rows)<extra></extra>",
            name="this run",
        )
    )
    drawn.update_xaxes(title={"text": axes[0], "font": {"size": 12}}, showgrid=True)
    drawn.update_yaxes(title={"text": axes[1], "font": {"size": 12}})
    drawn.update_layout(hovermode="closest")
    return drawn


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

"""What a run makes of its inputs: a bar an input, and the curve of one."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.modelling.explanation import Leaning, Step
from core.statistics.estimate import Estimate, Interval
from dashboard.charts.theme import Theme, faint, palette

MOST_BARS = 15
_BAR_HEIGHT = 22


def leaning_height(found: Sequence[Leaning]) -> int:
    """Return how high the bars are."""
    return _BAR_HEIGHT * min(len(found), MOST_BARS) + 40


def leaning_bars(found: Sequence[Leaning], theme: Theme, *, unit: str) -> go.Figure:
    """Draw a bar an input with its interval, the one that the run leans on most on top; picked, it gives its name."""
    largest = found[:MOST_BARS]
    drawn = go.Figure(
        go.Bar(
            x=[one.cost.value for one in largest],
            y=[escape(one.name, quote=False) for one in largest],
            customdata=[one.name for one in largest],
            orientation="h",
            marker_color=palette(theme).current,
            error_x=_whiskers([one.cost for one in largest], palette(theme).muted),
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    )
    drawn.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    drawn.update_xaxes(title={"text": unit, "font": {"size": 12}}, showgrid=True, rangemode="tozero")
    drawn.update_layout(hovermode="closest", bargap=0.35)
    return drawn


def dependence_curve(steps: Sequence[Step], theme: Theme, *, name: str, output: str) -> go.Figure:
    """Draw the mean output as one input takes each value: a line with its band, or a point a level."""
    number = all(isinstance(step.value, float) for step in steps)
    drawn = _line(steps, theme) if number else _points(steps, theme)
    drawn.update_xaxes(title={"text": escape(name, quote=False), "font": {"size": 12}})
    drawn.update_yaxes(title={"text": output, "font": {"size": 12}})
    drawn.update_layout(hovermode="x" if number else "closest", showlegend=False)
    return drawn


def _line(steps: Sequence[Step], theme: Theme) -> go.Figure:
    colour = palette(theme).current
    x = [step.value for step in steps]
    drawn = go.Figure()
    if all(step.output.interval for step in steps):
        for side, fill in (("lower", None), ("upper", "tonexty")):
            drawn.add_trace(
                go.Scatter(
                    x=x,
                    y=[getattr(step.output.interval, side) for step in steps],
                    mode="lines",
                    line={"width": 0},
                    fill=fill,
                    fillcolor=faint(colour),
                    hoverinfo="skip",
                )
            )
    drawn.add_trace(
        go.Scatter(
            x=x,
            y=[step.output.value for step in steps],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 4},
            customdata=[step.rows for step in steps],
            hovertemplate="%{y:.3f} (%{customdata:,} rows near)<extra></extra>",
        )
    )
    return drawn


def _points(steps: Sequence[Step], theme: Theme) -> go.Figure:
    return go.Figure(
        go.Scatter(
            x=[str(step.value) for step in steps],
            y=[step.output.value for step in steps],
            mode="markers",
            marker={"size": 9, "color": palette(theme).current},
            error_y=_whiskers([step.output for step in steps], palette(theme).current),
            customdata=[step.rows for step in steps],
            hovertemplate="%{x}: %{y:.3f} (%{customdata:,} rows)<extra></extra>",
        )
    )


def _whiskers(estimates: Sequence[Estimate], colour: str) -> dict[str, object]:
    """Return the intervals of estimates as a trace draws them; none where there is none."""
    ends = [(one.value, one.interval or Interval(lower=one.value, upper=one.value)) for one in estimates]
    return {
        "type": "data",
        "symmetric": False,
        "array": [interval.upper - value for value, interval in ends],
        "arrayminus": [value - interval.lower for value, interval in ends],
        "color": colour,
        "thickness": 1.3,
        "width": 3,
    }

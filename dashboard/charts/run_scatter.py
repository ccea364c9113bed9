"""Logged runs as points: a metric against a parameter or another metric, with what was agreed and the front."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from dashboard.charts.theme import GREY, Theme, faint, palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What an axis says, and the thresholds that are drawn across it: a value and its words."""

    title: str
    values: Sequence[float | str]
    agreed: Sequence[tuple[float, str]] = ()


def run_scatter(names: Sequence[str], across: Axis, up: Axis, theme: Theme, front: Sequence[int] = ()) -> go.Figure:
    """Draw a point a run; the runs of ``front``, by their places, stand out and are joined by steps."""
    colours = palette(theme)
    on = set(front)
    others = [place for place in range(len(names)) if place not in on]
    colour = faint(colours.current, 0.45) if not front else faint(colours.gray, 0.5)
    layout = {
        "hovermode": "closest",
        "shapes": [
            *(threshold("x", value) for value, _ in across.agreed),
            *(threshold("y", value) for value, _ in up.agreed),
        ],
        "annotations": [
            *(word(words, theme, x=value, y=1, yref="paper", yanchor="bottom") for value, words in across.agreed),
            *(
                word(words, theme, y=value, x=1, xref="paper", xanchor="right", yanchor="bottom")
                for value, words in up.agreed
            ),
        ],
        "xaxis": {"title": {"text": escape(across.title, quote=False)}, "showgrid": True, "nticks": 8},
        "yaxis": {"title": {"text": escape(up.title, quote=False)}, "nticks": 7},
    }
    points = _points(names, across, up, others, {"size": 7, "color": colour})
    best = _points(names, across, up, front, {"size": 10, "color": colours.current})
    best.update(mode="lines+markers", line={"shape": "hv", "width": 1.5, "color": colours.current})
    return go.Figure([points, *([best] if front else [])], layout)


def _points(
    names: Sequence[str], across: Axis, up: Axis, places: Sequence[int], marker: Mapping[str, object]
) -> go.Scatter:
    return go.Scatter(
        x=[across.values[place] for place in places],
        y=[up.values[place] for place in places],
        text=[escape(names[place], quote=False) for place in places],
        mode="markers",
        marker=dict(marker),
        hovertemplate="%{text}: %{y:.4g} at %{x}<extra></extra>",
        showlegend=False,
    )


def threshold(axis: str, value: float) -> dict[str, object]:
    """Return a dotted line across an axis at a value."""
    other = "y" if axis == "x" else "x"
    along = {f"{other}0": 0, f"{other}1": 1, f"{other}ref": "paper"}
    return {"type": "line", f"{axis}0": value, f"{axis}1": value, **along, "line": {"color": GREY, "dash": "dot"}}


def word(words: str, theme: Theme, **place: object) -> dict[str, object]:
    """Return the words beside a threshold."""
    return {"text": words, "showarrow": False, "font": {"color": palette(theme).muted, "size": 12}, **place}

"""A metric over the steps of training, a line a run; a point a run where it was logged once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from dashboard.charts.theme import Theme, faint, palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A run's values of a metric, step by step; of several runs the mean, and their ``lows`` and ``highs``."""

    run_id: str
    title: str
    steps: Sequence[int]
    values: Sequence[float]
    lows: Sequence[float] = ()
    highs: Sequence[float] = ()


def metric_curves(curves: Sequence[Curve], metric: str, theme: Theme) -> go.Figure:
    """Draw the curves, or, where no run has more than one step, a point a run."""
    return _lines(curves, metric, theme) if any(len(c.steps) > 1 for c in curves) else _points(curves, metric, theme)


def _lines(curves: Sequence[Curve], metric: str, theme: Theme) -> go.Figure:
    colours = palette(theme).series
    lines = [
        go.Scatter(
            x=list(curve.steps),
            y=list(curve.values),
            name=escape(curve.title, quote=False),
            mode="lines" if len(curve.steps) > 1 else "markers",
            line={"color": colours[place % len(colours)], "width": 2, "dash": _DASHES[place // len(colours) % 3]},
            hovertemplate="%{y:.4g} at step %{x:,}<extra>%{fullData.name}</extra>",
        )
        for place, curve in enumerate(curves)
    ]
    bands = [_band(curve, colours[place % len(colours)]) for place, curve in enumerate(curves) if curve.lows]
    return go.Figure([*bands, *lines], {**_axes("step", metric), "hovermode": "closest"})


def _band(curve: Curve, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[*curve.steps, *reversed(curve.steps)],
        y=[*curve.highs, *reversed(curve.lows)],
        fill="toself",
        fillcolor=faint(colour),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def _points(curves: Sequence[Curve], metric: str, theme: Theme) -> go.Figure:
    points = go.Scatter(
        x=[curve.values[-1] for curve in curves],
        y=[escape(curve.title, quote=False) for curve in curves],
        mode="markers",
        marker={"size": 10, "color": palette(theme).current},
        hovertemplate="%{x:.4g}<extra></extra>",
        showlegend=False,
    )
    layout: Mapping[str, object] = {"yaxis": {"autorange": "reversed", "type": "category", "ticksuffix": " "}}
    return go.Figure(points, {"xaxis": {"title": {"text": escape(metric, quote=False)}}, **layout})


def _axes(across: str, upwards: str) -> dict[str, object]:
    titles = ({"text": escape(words, quote=False)} for words in (across, upwards))
    return {axis: {"title": title, "nticks": 7} for axis, title in zip(("xaxis", "yaxis"), titles, strict=True)}


_DASHES = ("solid", "dash", "dot")

"""Parameters and a metric of many runs as parallel coordinates, coloured by the metric.

Drawn as plain lines: Plotly's own parallel coordinates need WebGL, which browsers on remote desktops often lack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.modelling.tracking.columns import Cell
from dashboard.charts.theme import QUIET, Theme, palette

_SHADES = 5
_FEW = 40  # more lines of one shade are drawn thinner, or they cover everything
_MOST_LEVELS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """One upright axis: where each run crosses it (0-1; ``None`` where it has no value), and what stands beside it."""

    label: str
    places: Sequence[float | None]
    ticks: Sequence[tuple[float, str]]


def run_parallel(
    parameters: Mapping[str, Sequence[Cell]], metric: str, values: Sequence[float], theme: Theme
) -> go.Figure:
    """Draw a line a run through its parameters to its metric; what is no number is in the order of the alphabet.

    The lines have five shades, by rank of the metric; the highest lie on top.
    """
    axes = [_axis(name, cells) for name, cells in parameters.items()] + [_axis(metric, values)]
    ranks = np.argsort(np.argsort(np.asarray(values, dtype=np.float64)))
    shades = np.minimum(ranks * _SHADES // max(len(values), 1), _SHADES - 1)
    figure = go.Figure(
        [_lines(axes, np.flatnonzero(shades == shade).tolist(), shade, theme) for shade in range(_SHADES)]
    )
    figure.update_layout(shapes=[_upright(place) for place in range(len(axes))], annotations=_words(axes, theme))
    figure.update_xaxes(range=[-0.35, len(axes) - 0.6], showgrid=False, showticklabels=False, zeroline=False)
    figure.update_yaxes(range=[-0.06, 1.14], showgrid=False, showticklabels=False, zeroline=False)
    figure.update_layout(hovermode=False, showlegend=False)
    return figure


def _axis(name: str, cells: Sequence[Cell]) -> _Axis:
    try:
        numbers = [None if cell is None else float(cell) for cell in cells]
    except ValueError:
        return _levels(name, [None if cell is None else str(cell) for cell in cells])
    known = [number for number in numbers if number is not None and np.isfinite(number)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    span = high - low
    places = [None if n is None or not np.isfinite(n) else (n - low) / span if span else 0.5 for n in numbers]
    ticks = [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")] if span else [(0.5, f"{low:.4g}")]
    return _Axis(label=_short(name), places=places, ticks=ticks)


def _levels(name: str, texts: Sequence[str | None]) -> _Axis:
    kinds = sorted({text for text in texts if text is not None})
    at = {kind: place / (len(kinds) - 1) if len(kinds) > 1 else 0.5 for place, kind in enumerate(kinds)}
    named = kinds if len(kinds) <= _MOST_LEVELS else [kinds[0], kinds[-1]]
    return _Axis(
        label=_short(name),
        places=[None if text is None else at[text] for text in texts],
        ticks=[(at[kind], _short(kind)) for kind in named],
    )


def _lines(axes: Sequence[_Axis], runs: Sequence[int], shade: int, theme: Theme) -> go.Scatter:
    """Return the lines of some runs as one trace: a gap parts one run from the next."""
    across: list[float | None] = []
    up: list[float | None] = []
    for run in runs:
        across += [*range(len(axes)), None]
        up += [*(axis.places[run] for axis in axes), None]
    most = shade == _SHADES - 1
    return go.Scatter(
        x=across,
        y=up,
        mode="lines",
        line={
            "color": palette(theme).current if most else palette(theme).gray,
            "width": 0.6 if len(runs) > _FEW else 1.6 if most else 1,
        },
        opacity=0.9 if most else 0.12 + 0.12 * shade,
        hoverinfo="skip",
    )


def _upright(place: int) -> dict[str, object]:
    return {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "line": {"color": QUIET, "width": 2}}


def _words(axes: Sequence[_Axis], theme: Theme) -> list[dict[str, object]]:
    colours = palette(theme)
    plain: dict[str, object] = {"showarrow": False, "bgcolor": colours.paper, "borderpad": 1}
    found: list[dict[str, object]] = []
    for place, axis in enumerate(axes):
        title: dict[str, object] = {
            "text": axis.label,
            "x": place,
            "y": 1.12,
            "font": {"size": 12, "color": colours.ink},
        }
        found.append({**plain, **title})
        found += [
            {**plain, "text": text, "x": place, "y": up, "xshift": -6, "xanchor": "right"}
            | {"font": {"size": 11, "color": colours.muted}}
            for up, text in axis.ticks
        ]
    return found


def _short(text: str) -> str:
    return escape(text if len(text) <= 16 else f"{text[:15]}…", quote=False)

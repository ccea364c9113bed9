"""Slices of a hold-out: a criterion's metric in each, against all rows and what was agreed."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.modelling.slices.weak import SliceFigure, WeakSlices
from core.scoping.criterion import Criterion
from dashboard import formats
from dashboard.charts.agreement import agreed, figure, unit
from dashboard.charts.slices import short, slice_words
from dashboard.charts.theme import GREY, Palette, Theme, palette

_ROW = 30
_SMALLEST, _LARGEST = 7, 17


def listed(found: WeakSlices) -> tuple[SliceFigure, ...]:
    """Return the slices that are drawn: those agreed beforehand, then the weak ones."""
    declared = {one.slice.hash for one in found.declared}
    weak = (one.figure for one in found.found if one.figure.slice.hash not in declared)
    return (*found.declared, *weak)


def height(found: WeakSlices) -> int:
    """Return how high the figure is."""
    return _ROW * max(2, len(listed(found))) + 70


def slices_measured(found: WeakSlices, criterion: Criterion, chosen: str, theme: Theme) -> go.Figure:
    """Draw one line a slice: its figure, its interval, the size by rows; a diamond was agreed beforehand."""
    colours, shown = palette(theme), [one for one in listed(found) if one.estimate is not None]
    places = list(range(len(shown)))
    spans = [(one.estimate.interval, y) for y, one in zip(places, shown, strict=True) if one.estimate]
    bars = go.Scatter(
        x=[x for interval, _ in spans if interval for x in (interval.lower, interval.upper, None)],
        y=[place for interval, y in spans if interval for place in (y, y, None)],
        mode="lines",
        line={"color": colours.current, "width": 4},
        opacity=0.4,
        hoverinfo="skip",
        showlegend=False,
    )
    points = go.Scatter(
        x=[one.estimate.value for one in shown if one.estimate],
        y=places,
        mode="markers",
        customdata=[[one.slice.hash] for one in shown],
        marker={
            "color": colours.current,
            "opacity": 1,
            "size": _sizes(shown),
            "symbol": ["diamond" if one in found.declared else "circle" for one in shown],
            "line": {"color": colours.ink, "width": [2 if one.slice.hash == chosen else 0 for one in shown]},
        },
        hovertemplate=[_hover(one, criterion) for one in shown],
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
        cliponaxis=False,
    )
    return go.Figure([bars, points], _layout(found, shown, criterion, colours))


def _sizes(shown: Sequence[SliceFigure]) -> list[float]:
    most = max((one.rows for one in shown), default=1)
    return [_SMALLEST + (_LARGEST - _SMALLEST) * (one.rows / most) ** 0.5 for one in shown]


def _hover(one: SliceFigure, criterion: Criterion) -> str:
    words = escape(slice_words(one.slice), quote=False)
    return f"<b>{words}</b><br>{figure(criterion, one.estimate)}<br>{formats.plural(one.rows, 'row')}<extra></extra>"


def _layout(
    found: WeakSlices, shown: Sequence[SliceFigure], criterion: Criterion, colours: Palette
) -> dict[str, object]:
    bottom = len(shown) - 0.5
    within = criterion.direction == "within"
    ends = (-criterion.threshold, criterion.threshold) if within else (criterion.threshold,)
    lines = [(x, "dot", f"agreed {agreed(criterion)}" if x == ends[-1] else "") for x in ends]
    if found.overall is not None:
        lines.append((found.overall.value, "solid", f"all rows {formats.metric(found.overall.value, unit(criterion))}"))
    first = max(lines)[0]
    return {
        "hovermode": "closest",
        "clickmode": "event+select",
        "dragmode": False,
        "shapes": [
            {
                "type": "line",
                "x0": x,
                "x1": x,
                "y0": -0.6,
                "y1": bottom,
                "line": {"color": GREY, "width": 1.5, "dash": dash},
            }
            for x, dash, _ in lines
        ],
        "annotations": [
            {
                "x": x,
                "y": -0.65,
                "yanchor": "bottom",
                "xanchor": "left" if x == first else "right",
                "text": text,
                "showarrow": False,
                "font": {"color": colours.muted, "size": 12},
            }
            for x, _, text in lines
        ],
        "xaxis": {"nticks": 7, "showgrid": True, "fixedrange": True},
        "yaxis": {
            "tickvals": list(range(len(shown))),
            "ticktext": [escape(short(slice_words(one.slice)), quote=False) for one in shown],
            "range": [bottom, -1.3],
            "ticksuffix": "  ",
            "showgrid": False,
            "fixedrange": True,
        },
    }

"""Slices in words, and as bars: by how much a metric changed in each."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.frames.slice import Condition, Slice
from core.metrics import METRICS
from core.modelling.slices.sides import LOG_LOSS
from core.monitoring.hurting.search import Hurt, Hurting
from dashboard import formats
from dashboard.charts.agreement import unit_of
from dashboard.charts.theme import GREY, Theme, palette

_ROW = 30
_LONGEST = 44


def slice_words(inside: Slice) -> str:
    """Return a slice as a person says it, as plain text: ``temp above 64.4, carrier is DL``."""
    columns = dict.fromkeys(condition.column for condition in inside.conditions)
    said = [_column_words([c for c in inside.conditions if c.column == name]) for name in columns]
    return ", ".join(said) or "all rows"


def measured(measured_as: str) -> tuple[str, str]:
    """Return the name and the unit of the metric that slices are compared by."""
    if measured_as == LOG_LOSS:
        return "Log loss", "score"
    return METRICS[measured_as].title, unit_of(measured_as)


def changed_slices(found: Hurting, hurts: Sequence[Hurt], chosen: str, theme: Theme) -> go.Figure:
    """Draw a bar a slice with its interval; the line is the change of all rows."""
    colours = palette(theme)
    _, unit = measured(found.measured_as)
    places = list(range(len(hurts)))
    bars = go.Bar(
        x=[hurt.change for hurt in hurts],
        y=places,
        orientation="h",
        customdata=[[hurt.slice.hash] for hurt in hurts],
        marker={
            "color": colours.current,
            "line": {"color": colours.ink, "width": [2 if hurt.slice.hash == chosen else 0 for hurt in hurts]},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [hurt.interval.upper - hurt.change for hurt in hurts],
            "arrayminus": [hurt.change - hurt.interval.lower for hurt in hurts],
            "color": colours.ink,
            "thickness": 1.5,
            "width": 4,
        },
        hovertext=[
            f"<b>{slice_words(hurt.slice)}</b><br>{formats.metric(hurt.then, unit)} then, "
            f"{formats.metric(hurt.now, unit)} now<br>{formats.plural(hurt.rows, 'row')}"
            for hurt in hurts
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    return go.Figure(bars, _layout(found, hurts, theme))


def height(hurts: Sequence[Hurt]) -> int:
    """Return how high the figure is."""
    return _ROW * max(3, len(hurts)) + 60


def _layout(found: Hurting, hurts: Sequence[Hurt], theme: Theme) -> dict[str, object]:
    bottom, colours = len(hurts) - 0.5, palette(theme)
    line = {"color": GREY, "width": 1.5, "dash": "dot"}
    word = {
        "x": found.change,
        "y": -0.55,
        "yanchor": "bottom",
        "text": "all rows",
        "showarrow": False,
        "font": {"color": colours.muted, "size": 12},
    }
    return {
        "hovermode": "closest",
        "clickmode": "event+select",
        "dragmode": False,
        "bargap": 0.5,
        "shapes": [{"type": "line", "x0": found.change, "x1": found.change, "y0": -0.5, "y1": bottom, "line": line}],
        "annotations": [word],
        "xaxis": {"rangemode": "tozero", "nticks": 6, "showgrid": True, "fixedrange": True},
        "yaxis": {
            "tickvals": list(range(len(hurts))),
            "ticktext": [short(slice_words(hurt.slice)) for hurt in hurts],
            "range": [bottom, -1.1],
            "ticksuffix": "  ",
            "showgrid": False,
            "fixedrange": True,
        },
    }


def short(text: str) -> str:
    """Return a text that is not too long to stand beside an axis."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _column_words(conditions: Sequence[Condition]) -> str:
    ends = {condition.operator: condition.value for condition in conditions}
    name = conditions[0].column
    if "is missing" in ends:
        return f"{name} is missing"
    if "==" in ends or "!=" in ends:
        return " and ".join(f"{name} {'is' if o == '==' else 'is not'} {v}" for o, v in ends.items())
    low = next((_number(ends[o]) for o in (">", ">=") if o in ends), "")
    high = next((_number(ends[o]) for o in ("<", "<=") if o in ends), "")
    if low and low == high:
        return f"{name} {low}"
    if low and high:
        return f"{name} {low} to {high}"
    word = {">": "above", ">=": "from", "<": "below", "<=": "up to"}[next(iter(ends))]
    return f"{name} {word} {low or high}"


def _number(value: str | float | bool) -> str:
    return formats.metric(float(value), "label")

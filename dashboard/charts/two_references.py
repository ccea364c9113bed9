"""The same rows of one column held against two references: grey is the first, the other colour the second."""

from dataclasses import dataclass, replace

import plotly.graph_objects as go

from core.drift.distribution import OTHERS
from core.drift.picture import Picture, on_same_levels
from dashboard.charts.drift import level_bars
from dashboard.charts.moved_column import moved_layout, moved_traces
from dashboard.charts.theme import Palette, Theme, faint, palette

_GAP = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What is drawn of a column held against a reference, and what that is called."""

    picture: Picture
    called: str


def shapes_of_both(first: Against, second: Against, theme: Theme) -> go.Figure:
    """Draw the rows as bars: above in the first reference, below in the second; a category's levels in one chart."""
    colours = palette(theme)
    if first.picture.levels:
        return _levels(first, second, colours)
    bars = [*_bars(first, colours.reference, colours, "y"), *_bars(second, colours.second, colours, "y2")]
    half = {"tickformat": ".0%", "nticks": 3, "rangemode": "tozero"}
    layout = {
        "barmode": "overlay",
        "bargap": 0,
        "hovermode": "closest",
        "yaxis": half | {"domain": [0.5 + _GAP / 2, 1]},
        "yaxis2": half | {"domain": [0, 0.5 - _GAP / 2]},
        "xaxis": {"nticks": 8, "anchor": "y2"},
    }
    return go.Figure(bars, layout)


def _bars(against: Against, colour: str, colours: Palette, axis: str) -> list[go.Bar]:
    found = against.picture
    edges = list(zip(found.edges, found.edges[1:], strict=False))
    return [
        go.Bar(
            x=[(left + right) / 2 for left, right in edges],
            y=shares,
            width=[right - left for left, right in edges],
            yaxis=axis,
            name=name,
            legendgroup=name,
            showlegend=name != "current" or axis == "y",
            marker={"color": faint(shade, opacity), "line": {"width": 0}},
            hovertemplate=f"%{{x:.4g}}: %{{y:.1%}} of {name}<extra></extra>",
        )
        for name, shares, shade, opacity in (
            (against.called, found.reference, colour, 0.45),
            ("current", found.current, colours.current, 0.75),
        )
    ]


def _levels(first: Against, second: Against, colours: Palette) -> go.Figure:
    one, other = on_same_levels(first.picture, second.picture)
    sides = (
        (first.called, one.reference, faint(colours.reference, 0.55)),
        (second.called, other.reference, faint(colours.second, 0.55)),
        ("current", one.current, colours.current),
    )
    return level_bars(one.levels, sides).update_yaxes(dtick=1)


def how_far_from_both(first: Against, second: Against, theme: Theme) -> go.Figure:
    """Draw how far each quantile or level moved from either reference, with 95 % bands, in one chart."""
    one, other = first.picture, second.picture
    if not one.is_number:
        one, other = (_without_others(picture) for picture in on_same_levels(one, other))
    colours = palette(theme)
    traces = [
        *moved_traces(one, colours.reference, f"against {first.called}"),
        *moved_traces(other, colours.second, f"against {second.called}"),
    ]
    return go.Figure(traces, moved_layout(one) | ({} if one.is_number else {"scattermode": "group"}))


def _without_others(picture: Picture) -> Picture:
    kept = len(picture.levels) - (OTHERS in picture.levels)
    return replace(
        picture, levels=picture.levels[:kept], reference=picture.reference[:kept], current=picture.current[:kept]
    )

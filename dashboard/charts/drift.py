"""What moved: columns by weeks, and one column in reference and current side by side."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.picture import Picture
from core.lifecycle.weeks import Week
from core.modelling.run import Feature
from dashboard import formats
from dashboard.charts.event_time import end_on_axis
from dashboard.charts.theme import GREY, Palette, Theme, faint, palette
from dashboard.vocabulary import state_of

ROW_HEIGHT = 21
_FEW_WEEKS = 20
_FULL = 0.6
"""The effect from which a cell has the fullest colour: two thirds of the way to nothing in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Columns (from the top) by weeks (oldest first), and the cell that is looked at: (column, window id).

    ``marked`` holds the cells in which an alarm began.
    """

    weeks: Sequence[Week]
    columns: Sequence[str]
    chosen: tuple[str, str]
    zone: ZoneInfo
    marked: Set[tuple[str, str]] = frozenset()


def height(grid: Grid) -> int:
    """Return how high the heatmap is."""
    return ROW_HEIGHT * len(grid.columns) + 30


def drift_heatmap(grid: Grid, theme: Theme) -> go.Figure:
    """Draw a cell a column and week: its colour is the effect, its sign the verdict. Cells can be clicked."""
    colours = palette(theme)
    cells = [[week.column(name) for week in grid.weeks] for name in grid.columns]
    heat = go.Heatmap(
        z=[[cell.effect if cell else None for cell in row] for row in cells],
        zmin=0,
        zmax=_FULL,
        colorscale=[[place / (len(colours.scale) - 1), colour] for place, colour in enumerate(colours.scale)],
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )
    return go.Figure(
        [heat, _signs(grid, cells, colours), _places(grid, cells)],
        {
            "shapes": [*_changes(grid, colours), *_rings(grid, colours), _frame(grid, colours)],
            **_axes(grid),
            "hovermode": "closest",
            "clickmode": "event+select",
            "dragmode": "select",
            "selectdirection": "h",
        },
    )


def _changes(grid: Grid, colours: Palette) -> list[dict[str, Any]]:
    """Return a line where columns begin to be compared with another champion's training rows."""
    pairs = zip(grid.weeks, grid.weeks[1:], strict=False)
    places = [place + 0.5 for place, (before, after) in enumerate(pairs) if before.version != after.version]
    line = {"color": colours.ink, "width": 1, "dash": "dot"}
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": line}
    return [upright | {"x0": place, "x1": place} for place in places]


def _axes(grid: Grid) -> dict[str, Any]:
    step = max(1, -(-len(grid.weeks) // 7))
    shown = range((len(grid.weeks) - 1) % step, len(grid.weeks), step)  # the newest week has its date
    return {
        "xaxis": {
            "tickvals": list(shown),
            "ticktext": [_day(grid.weeks[place], grid.zone) for place in shown],
            "range": [-0.5, len(grid.weeks) - 0.5],
            "tickangle": 0,
            "fixedrange": True,
        },
        "yaxis": {
            "tickvals": list(range(len(grid.columns))),
            "ticktext": list(grid.columns),
            "range": [len(grid.columns) - 0.5, -0.5],
            "showgrid": False,
            "ticksuffix": " ",
            "fixedrange": True,
        },
    }


def column_distribution(found: Picture, feature: Feature | None, theme: Theme) -> go.Figure:
    """Draw one column in the reference (grey) and in the current week; dotted lines end the training range."""
    return _levels(found, theme) if found.levels else _numbers(found, feature, theme)


def _hover(drift: ColumnDrift | None, week: Week, days: str, *, began: bool) -> str:
    if drift is None:
        return f"not compared<br>{days}"
    outside = week.outside(drift.column)
    figure = (
        f"effect {formats.metric(drift.effect)} {formats.interval(drift.interval)}" if drift.effect is not None else ""
    )
    lines = [f"<b>{drift.column}</b>", state_of(drift.verdict).cell, figure]
    lines += [f"{formats.share(outside)} outside the training range"] if outside else []
    lines += ["an alarm began here"] if began else []
    return "<br>".join(line for line in [*lines, days] if line)


def _day(week: Week, zone: ZoneInfo) -> str:
    local = end_on_axis(week.ends, zone)
    return f"{local.day} {local:%b}"


_SIGNS = {
    DriftVerdict.DRIFTED: "▲",
    DriftVerdict.NOT_ENOUGH_DATA: "·",
    DriftVerdict.STABLE: "",
    DriftVerdict.NOT_APPLICABLE: "–",
}


def _signs(grid: Grid, cells: Sequence[Sequence[ColumnDrift | None]], colours: Palette) -> go.Scatter:
    """Return the verdicts' signs, where there is one: a text that is empty takes a browser as long as any other."""
    full = colours.paper if colours.scale[-1] == "#A66200" else "#12161B"
    found = [(x, y, cell) for y, row in enumerate(cells) for x, cell in enumerate(row)]
    signed = [(x, y, cell) for x, y, cell in found if cell and _SIGNS[cell.verdict]]
    return go.Scatter(
        x=[x for x, _, _ in signed],
        y=[y for _, y, _ in signed],
        mode="text",
        text=[_SIGNS[cell.verdict] for _, _, cell in signed],
        textfont={
            "size": 10 if len(grid.weeks) <= _FEW_WEEKS else 8,
            "color": [full if (cell.effect or 0) > _FULL / 2 else colours.muted for _, _, cell in signed],
        },
        customdata=[[grid.columns[y], grid.weeks[x].window.id] for x, y, _ in signed],
        hoverinfo="skip",
        showlegend=False,
    )


def _places(grid: Grid, cells: Sequence[Sequence[ColumnDrift | None]]) -> go.Scatter:
    """Return what is not seen and can be pointed at: a place a cell, which says what was found."""
    places = [(x, y) for y in range(len(grid.columns)) for x in range(len(grid.weeks))]
    weeks = [(week, formats.week(week, grid.zone)) for week in grid.weeks]
    return go.Scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        mode="markers",
        marker={"opacity": 0, "size": ROW_HEIGHT, "symbol": "square"},
        customdata=[[grid.columns[y], grid.weeks[x].window.id] for x, y in places],
        hovertext=[
            _hover(cells[y][x], *weeks[x], began=(grid.columns[y], grid.weeks[x].window.id) in grid.marked)
            for x, y in places
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )


def _rings(grid: Grid, colours: Palette) -> list[dict[str, object]]:
    """Return a ring around each cell in which an alarm began, its size in pixels whatever the cell's."""
    radius = ROW_HEIGHT / 2 - 3
    reach = {"x0": -radius, "x1": radius, "y0": -radius, "y1": radius}
    ring = {"type": "circle", "xsizemode": "pixel", "ysizemode": "pixel", **reach}
    # a wider one of paper behind the amber, which would not be seen on a full cell
    strokes = ({"color": colours.paper, "width": 5}, {"color": colours.orange, "width": 2})
    return [
        {**ring, "line": line, "xanchor": x, "yanchor": y}
        for y, name in enumerate(grid.columns)
        for x, week in enumerate(grid.weeks)
        if (name, week.window.id) in grid.marked
        for line in strokes
    ]


def _frame(grid: Grid, colours: Palette) -> dict[str, object]:
    column, window_id = grid.chosen
    x = next((i for i, week in enumerate(grid.weeks) if week.window.id == window_id), 0)
    y = grid.columns.index(column) if column in grid.columns else 0
    line = {"color": colours.ink, "width": 2}
    return {"type": "rect", "x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5, "line": line}


def _numbers(found: Picture, feature: Feature | None, theme: Theme) -> go.Figure:
    colours = palette(theme)
    middles = [(left + right) / 2 for left, right in zip(found.edges, found.edges[1:], strict=False)]
    widths = [right - left for left, right in zip(found.edges, found.edges[1:], strict=False)]
    bars = [
        go.Bar(
            x=middles,
            y=shares,
            width=widths,
            name=name,
            marker={"color": faint(colour, opacity), "line": {"width": 0}},
            hovertemplate=f"%{{x:.4g}}: %{{y:.1%}} of {name}<extra></extra>",
        )
        for name, shares, colour, opacity in (
            ("reference", found.reference, colours.reference, 0.45),
            ("current", found.current, colours.current, 0.75),
        )
    ]
    layout = {
        "barmode": "overlay",
        "bargap": 0,
        "hovermode": "x unified",
        "yaxis": {"tickformat": ".0%", "nticks": 5, "rangemode": "tozero"},
        "xaxis": {"nticks": 8},
    }
    return go.Figure(bars, {**layout, **_range(feature, theme)})


def _range(feature: Feature | None, theme: Theme) -> dict[str, Any]:
    if feature is None or feature.lower is None or feature.upper is None:
        return {}
    ends = ((feature.lower, "right"), (feature.upper, "left"))
    line = {"color": GREY, "width": 1.2, "dash": "dot"}
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": line}
    top = {"y": 1, "yref": "paper", "yanchor": "top", "showarrow": False}
    word = top | {"font": {"color": palette(theme).muted, "size": 12}}
    return {
        "shapes": [upright | {"x0": edge, "x1": edge} for edge, _ in ends],
        "annotations": [word | {"x": edge, "xanchor": anchor, "text": f" {edge:,.4g} "} for edge, anchor in ends],
    }


def _levels(found: Picture, theme: Theme) -> go.Figure:
    colours = palette(theme)
    sides = (
        ("reference", found.reference, faint(colours.reference, 0.55)),
        ("current", found.current, colours.current),
    )
    return level_bars(found.levels, sides)


def level_bars(levels: Sequence[str], sides: Sequence[tuple[str, Sequence[float], str]]) -> go.Figure:
    """Draw the share of each level as bars, one a side: its name, its shares and its colour."""
    bars = [
        go.Bar(
            y=list(levels),
            x=shares,
            orientation="h",
            name=name,
            marker={"color": colour},
            hovertemplate=f"%{{y}}: %{{x:.1%}} of {name}<extra></extra>",
        )
        for name, shares, colour in sides
    ]
    layout = {
        "barmode": "group",
        "bargap": 0.25,
        "hovermode": "closest",
        "yaxis": {"autorange": "reversed", "ticksuffix": " ", "showgrid": False, "type": "category"},
        "xaxis": {"tickformat": ".0%", "nticks": 5, "showgrid": True},
    }
    return go.Figure(bars, layout)

"""One column more closely: how far each quantile or level moved, and its course over the weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.drift.distribution import OTHERS
from core.drift.picture import PROBABILITIES, Picture
from core.lifecycle.level import Level
from core.lifecycle.weeks import Week
from core.modelling.run import Feature
from dashboard import formats
from dashboard.charts.event_time import end_on_axis
from dashboard.charts.theme import GREY, QUIET, Palette, Theme, faint, palette

_DRAWN = tuple(p for p in PROBABILITIES if 0.05 <= p <= 0.95)
_MOST_LEVELS = 5


def how_far(picture: Picture, theme: Theme) -> go.Figure:
    """Draw how far a column moved, with 95 % bands: each quantile of a number, each level of a category."""
    colour = palette(theme).current
    return go.Figure(moved_traces(picture, colour, "current minus reference"), moved_layout(picture))


def moved_traces(picture: Picture, colour: str, name: str) -> list[go.Scatter]:
    """Return what is drawn of how far a column moved, in one colour."""
    return _quantiles(picture, colour, name) if picture.is_number else [_differences(picture, colour, name)]


def moved_layout(picture: Picture) -> dict[str, Any]:
    """Return the axes on which it is drawn, with a line where nothing moved."""
    if picture.is_number:
        return {
            "hovermode": "closest",
            "shapes": [_level_line(0)],
            "xaxis": {"type": "category", "nticks": 8, "title": {"text": "share of rows below", "font": {"size": 12}}},
            "yaxis": {"nticks": 5},
        }
    upright = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": GREY, "width": 1}}
    return {
        "hovermode": "closest",
        "shapes": [upright],
        "xaxis": {"tickformat": "+.1%", "nticks": 5, "showgrid": True},
        "yaxis": {"type": "category", "dtick": 1, "tickfont": {"size": 10}, "ticksuffix": " ", "showgrid": False},
    }


def _quantiles(picture: Picture, colour: str, name: str) -> list[go.Scatter]:
    places = [PROBABILITIES.index(p) for p in _DRAWN]
    before = [picture.quantiles_reference[i] for i in places]
    after = [picture.quantiles_current[i] for i in places]
    lower, upper = ([side[i] for i in places] for side in (picture.lower, picture.upper))
    across = [f"{100 * p:g} %" for p in _DRAWN]
    band = _band(across, lower, upper, faint(colour))
    line = go.Scatter(
        x=across,
        y=[b - a for a, b in zip(before, after, strict=True)],
        customdata=list(zip(before, after, lower, upper, strict=True)),
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": 5},
        name=name,
        hovertemplate=(
            "%{x} of rows lie below %{customdata[0]:.4g} in the reference, below %{customdata[1]:.4g} now<br>"
            "moved by %{y:.4g} [%{customdata[2]:.4g}, %{customdata[3]:.4g}]<extra></extra>"
        ),
    )
    return [band, line]


def _differences(picture: Picture, colour: str, name: str) -> go.Scatter:
    levels = list(picture.levels)
    moved = [after - before for before, after in zip(picture.reference, picture.current, strict=True)]
    order = sorted(range(len(levels)), key=lambda i: abs(moved[i]))
    known = bool(picture.upper)
    return go.Scatter(
        x=[moved[i] for i in order],
        y=[levels[i] for i in order],
        customdata=[(picture.reference[i], picture.current[i]) for i in order],
        mode="markers",
        name=name,
        orientation="h",
        marker={"size": 8, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [picture.upper[i] - moved[i] for i in order] if known else None,
            "arrayminus": [moved[i] - picture.lower[i] for i in order] if known else None,
            "color": colour,
            "thickness": 1.5,
            "width": 3,
        },
        hovertemplate="%{y}: %{customdata[0]:.1%} of the reference, %{customdata[1]:.1%} now<extra></extra>",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A column over weeks, oldest first, beside what training had seen; ``chosen`` is the id of a week's window.

    ``beside`` is what is drawn of a second reference, and what it is called. ``level`` tells where a number took on
    another level.
    """

    weeks: Sequence[tuple[Week, Picture]]
    feature: Feature | None
    chosen: str
    zone: ZoneInfo
    beside: tuple[Picture, str] | None = None
    level: Level | None = None


def over_time(course: Course, theme: Theme) -> go.Figure:
    """Draw a column over the weeks: ribbons of quantiles for a number, the shares of the largest levels otherwise."""
    last = course.weeks[-1][1]
    traces, shapes = (_ribbons if last.is_number else _shares)(course, palette(theme))
    lines, words = _changed(course, palette(theme))
    layout = {
        "shapes": [*shapes, *_deployed(course), _here(course), *lines],
        "annotations": words,
        "xaxis": {"tickformat": "%-d %b", "nticks": 6},
        "yaxis": {"nticks": 5} if last.is_number else {"tickformat": ".0%", "nticks": 5, "rangemode": "tozero"},
        "hovermode": "x unified",
    }
    return go.Figure(traces, layout)


def _ribbons(course: Course, colours: Palette) -> tuple[list[go.Scatter], list[dict[str, object]]]:
    drawn = [(week, picture) for week, picture in course.weeks if picture.is_number]
    across = [end_on_axis(week.ends, course.zone) for week, _ in drawn]
    at = {p: [picture.quantiles_current[PROBABILITIES.index(p)] for _, picture in drawn] for p in PROBABILITIES}
    traces = [
        _band(across, at[0.05], at[0.95], faint(colours.current, 0.14), "9 of 10 rows"),
        _band(across, at[0.25], at[0.75], faint(colours.current, 0.3), "the middle half"),
        go.Scatter(
            x=across,
            y=at[0.5],
            mode="lines+markers",
            line={"color": colours.current, "width": 2},
            marker={"size": 5},
            name="median",
            hovertemplate="median %{y:.4g}<extra></extra>",
        ),
    ]
    return traces, [*_of_training(course, colours), *_of_second(course, colours)]


def _of_training(course: Course, colours: Palette) -> list[dict[str, object]]:
    """Return the training rows of the newest week's champion: nine of ten in grey, the ends of the range dotted."""
    picture, feature = course.weeks[-1][1], course.feature
    low, high = (picture.quantiles_reference[PROBABILITIES.index(p)] for p in (0.05, 0.95))
    band: dict[str, object] = {
        "type": "rect",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": low,
        "y1": high,
        "fillcolor": faint(colours.reference, 0.13),
        "line": {"width": 0},
        "layer": "below",
    }
    ends = [end for end in (feature.lower, feature.upper) if end is not None] if feature else []
    return [band, *(_level_line(end) for end in ends)]


def _of_second(course: Course, colours: Palette) -> list[dict[str, object]]:
    """Return nine of ten rows of the second reference, where there is one."""
    if course.beside is None or not course.beside[0].is_number:
        return []
    picture, called = course.beside
    low, high = (picture.quantiles_reference[PROBABILITIES.index(p)] for p in (0.05, 0.95))
    band: dict[str, object] = {
        "type": "rect",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": low,
        "y1": high,
        "layer": "below",
    }
    named = {"name": called, "showlegend": True}
    return [band | named | {"fillcolor": faint(colours.second, 0.1), "line": {"color": colours.second, "width": 1}}]


def _shares(course: Course, colours: Palette) -> tuple[list[go.Scatter], list[dict[str, object]]]:
    last = course.weeks[-1][1]
    levels = [level for level in last.levels if level != OTHERS][:_MOST_LEVELS]
    across = [end_on_axis(week.ends, course.zone) for week, _ in course.weeks]
    traces = [
        go.Scatter(
            x=across,
            y=[dict(zip(picture.levels, picture.current, strict=True)).get(level, 0.0) for _, picture in course.weeks],
            mode="lines+markers",
            name=level,
            line={"color": colour, "width": 2},
            marker={"size": 5},
            hovertemplate=f"{level}: %{{y:.1%}}<extra></extra>",
        )
        for level, colour in zip(levels, colours.series, strict=False)
    ]
    was = dict(zip(last.levels, last.reference, strict=True))
    shapes = [
        _level_line(was[level]) | {"line": {"color": colour, "width": 1, "dash": "dot"}}
        for level, colour in zip(levels, colours.series, strict=False)
    ]
    return traces, shapes


def _deployed(course: Course) -> list[dict[str, object]]:
    """Return a mark where another version began to answer."""
    pairs = zip(course.weeks, course.weeks[1:], strict=False)
    starts = [now.starts for (before, _), (now, _) in pairs if before.version != now.version]
    line = {"color": GREY, "width": 1, "dash": "dash"}
    return [_upright(end_on_axis(at, course.zone)) | {"line": line} for at in starts]


def _changed(course: Course, colours: Palette) -> tuple[list[dict[str, object]], list[dict[str, Any]]]:
    """Return a mark where the level changed, half a week before the first week that has the new one, and its date."""
    weeks = course.level.changed if course.level else ()
    places = [
        (end_on_axis(week.ends, course.zone) - (week.ends - week.starts) / 2, formats.day(week.starts, course.zone))
        for week in weeks
    ]
    line = {"color": colours.muted, "width": 1.5}
    word = {"y": 1, "yref": "paper", "yanchor": "top", "showarrow": False}
    font = {"size": 12, "color": colours.muted}
    # towards the middle, so that no date is cut off at the edge
    middle = end_on_axis(course.weeks[len(course.weeks) // 2][0].ends, course.zone)
    before, after = {"xanchor": "right", "xshift": -3}, {"xanchor": "left", "xshift": 3}
    return (
        [_upright(at) | {"line": line} for at, _ in places],
        [
            word | (before if at > middle else after) | {"x": at, "text": f"about {day}", "font": font}
            for at, day in places
        ],
    )


def _here(course: Course) -> dict[str, object]:
    ends = next((week.ends for week, _ in course.weeks if week.window.id == course.chosen), course.weeks[-1][0].ends)
    return _upright(end_on_axis(ends, course.zone)) | {"line": {"color": QUIET, "width": 12}, "layer": "below"}


def _upright(at: object) -> dict[str, object]:
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}


def _level_line(at: float) -> dict[str, object]:
    line = {"color": GREY, "width": 1.2, "dash": "dot"}
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": at, "y1": at, "line": line}


def _band(
    across: Sequence[object], lower: Sequence[float], upper: Sequence[float], fill: str, name: str = ""
) -> go.Scatter:
    return go.Scatter(
        x=[*across, *reversed(across)],
        y=[*upper, *reversed(lower)],
        fill="toself",
        fillcolor=fill,
        line={"width": 0},
        mode="lines",
        name=name,
        showlegend=bool(name),
        hoverinfo="skip",
    )


def rows_of(course: Course) -> list[dict[str, Any]]:
    """Return the table behind the course of a column."""
    return [
        {
            "week to": formats.last_day(week.ends, course.zone),
            "rows": picture.rows,
            "missing": formats.share(picture.missing_current),
        }
        | (
            {
                f"{100 * p:g} %": formats.metric(picture.quantiles_current[PROBABILITIES.index(p)], "label")
                for p in (0.05, 0.25, 0.5, 0.75, 0.95)
            }
            if picture.is_number
            else {
                level: formats.share(share)
                for level, share in list(zip(picture.levels, picture.current, strict=True))[:_MOST_LEVELS]
            }
        )
        for week, picture in course.weeks
    ]

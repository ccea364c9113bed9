"""A criterion over the windows of production: estimates with their interval, what was agreed, who served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.monitoring.window import Window, WindowJudgement
from core.scoping.criterion import Criterion, Verdict
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.agreement import agreed, figure, shown, title, unit
from dashboard.charts.event_time import end_on_axis, on_axis
from dashboard.charts.human import human_level_over_time
from dashboard.charts.theme import GREY, Theme, faint, palette

SYMBOLS = {
    Verdict.MET: "circle",
    Verdict.UNDECIDED: "diamond",
    Verdict.NOT_MET: "x",
    Verdict.NOT_APPLICABLE: "line-ew",
}


_LANES = 0.2  # of the height, under the chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the windows said of one version while it was champion, or while it listened."""

    name: str
    champion: bool
    series: int
    points: Sequence[tuple[Window, WindowJudgement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A change of what serves: when, and which version from then on."""

    on: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed over a span of windows: the version of the criterion that judged them."""

    criterion: Criterion
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a criterion went in production, in a project's time zone; ``spans`` tell where its threshold changed.

    ``human`` is what annotators reach in its metric, where somebody has measured it. ``without_labels`` draws what was
    to be expected of the champion before labels were known. ``detected`` are the marks of change
    detectors on the loss, by their name.
    """

    criterion: Criterion
    zone: ZoneInfo
    lines: Sequence[Line]
    marks: Sequence[Mark] = ()
    spans: Sequence[Agreed] = ()
    human: Estimate | None = None
    without_labels: bool = False
    detected: Mapping[str, Sequence[datetime]] | None = None


def criterion_over_windows(course: Course, theme: Theme) -> go.Figure:
    """Draw the champion's estimates thick with their interval, those of shadows thin, and the agreed value."""
    suffix = {"share": ".0%", "small share": ".2%", "points": ".0%", "ms": ",.0f"}.get(unit(course.criterion))
    lines, words = _marks(course, theme)
    people = human_level_over_time(course.criterion, course.human, theme)
    return go.Figure(
        _traces(course, theme),
        {
            "shapes": [*people.shapes, *_thresholds(course), *lines],
            "annotations": [_agreed(course.criterion, theme), *words, *people.annotations],
            "yaxis": {"tickformat": suffix, "nticks": 6, "domain": [_LANES + 0.06 if course.detected else 0, 1]},
            **_lanes(course, theme),
            "xaxis": {"tickformat": "%-d %b\n%Y", "nticks": 12, "anchor": "y2" if course.detected else "y"},
            "hovermode": "closest",
        },
    )


def _traces(course: Course, theme: Theme) -> list[go.Scatter]:
    traces: list[go.Scatter] = []
    for line in sorted(course.lines, key=lambda one: one.champion):
        if line.champion:
            traces += _band(line, course.zone, theme)
            traces += _expected(course, line, theme) if course.without_labels else []
        traces.append(_line(course, line, theme))
    champions = [point for line in course.lines if line.champion for point in line.points]
    for verdict in SYMBOLS:
        told = [(w, j) for w, j in champions if j.verdict is verdict and j.estimate is not None]
        if told:
            traces.append(_points(course, verdict, told, theme))
    return [*traces, *_detected(course, theme)]


def _detected(course: Course, theme: Theme) -> list[go.Scatter]:
    """Return the marks of change detectors under the chart, a lane each: quiet, for they judge nothing."""
    return [
        go.Scatter(
            x=[on_axis(at, course.zone) for at in moments],
            y=[-lane] * len(moments),
            yaxis="y2",
            mode="markers",
            name=name,
            marker={"symbol": "line-ns-open", "size": 6, "color": palette(theme).muted, "line": {"width": 1}},
            hovertemplate=f"{name}: the loss changed<br>%{{x|%-d %b %Y, %H:%M}}<extra></extra>",
            showlegend=False,
        )
        for lane, (name, moments) in enumerate((course.detected or {}).items())
        if moments
    ]


def _lanes(course: Course, theme: Theme) -> dict[str, Any]:
    """Return the axes where detectors have lanes under the chart, each with its name."""
    if not course.detected:
        return {}
    lanes = {
        "domain": [0, _LANES],
        "range": [0.6 - len(course.detected), 0.6],
        "tickvals": [-lane for lane in range(len(course.detected))],
        "ticktext": list(course.detected),
        "tickfont": {"size": 10, "color": palette(theme).muted},
        "showgrid": False,
        "fixedrange": True,
    }
    return {"yaxis2": lanes}


def _measured(line: Line) -> list[tuple[Window, WindowJudgement]]:
    return [(w, j) for w, j in line.points if j.estimate is not None]


def _band(line: Line, zone: ZoneInfo, theme: Theme) -> list[go.Scatter]:
    colour = palette(theme).series[line.series % len(palette(theme).series)]
    bounded = [(w, j.estimate.interval) for w, j in line.points if j.estimate and j.estimate.interval]
    if not bounded:
        return []
    times = [end_on_axis(w.ends, zone) for w, _ in bounded]
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "x": times}
    lower = go.Scatter(y=[i.lower for _, i in bounded], **edge)
    upper = go.Scatter(y=[i.upper for _, i in bounded], fill="tonexty", fillcolor=faint(colour), **edge)
    return [lower, upper]


def _expected(course: Course, line: Line, theme: Theme) -> list[go.Scatter]:
    """Return a dashed line in grey, for it was not measured; a window of which nothing can be said is a gap.

    The band stands at each window by itself: a window between two gaps has one too.
    """
    said = [(w, j.without_labels.estimate if j.without_labels else None) for w, j in line.points]
    if not any(estimate for _, estimate in said):
        return []
    name, colour = "estimated without labels", palette(theme).muted
    bands = [(e.interval.upper - e.value, e.value - e.interval.lower) if e and e.interval else (0, 0) for _, e in said]
    dashed = go.Scatter(
        x=[end_on_axis(w.ends, course.zone) for w, _ in said],
        y=[estimate.value if estimate else None for _, estimate in said],
        mode="lines+markers",
        name=name,
        connectgaps=False,
        line={"color": colour, "width": 1.6, "dash": "dash"},
        marker={"color": colour, "size": 7, "symbol": "circle-open"},
        error_y={
            "array": [above for above, _ in bands],
            "arrayminus": [below for _, below in bands],
            "color": faint(colour, 0.35),
            "thickness": 7,
            "width": 0,
        },
        text=[f"<b>{figure(course.criterion, e)}</b><br>{name}<br>{line.name}" if e else "" for _, e in said],
        hovertemplate="%{text}<extra></extra>",
    )
    return [dashed]


def _line(course: Course, line: Line, theme: Theme) -> go.Scatter:
    colours = palette(theme)
    measured = _measured(line)
    role = "champion" if line.champion else "shadow"
    texts = [_words(course, line.name, w, j) for w, j in measured]
    colour = colours.series[line.series % len(colours.series)]
    return go.Scatter(
        x=[end_on_axis(w.ends, course.zone) for w, _ in measured],
        y=[j.estimate.value for _, j in measured if j.estimate],
        mode="lines+markers",
        name=f"{line.name}, {role}",
        line={"color": colour, "width": 2.6 if line.champion else 1.2, "dash": "solid" if line.champion else "dot"},
        marker={"color": colour, "size": 3 if line.champion else 4},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
    )


def _points(
    course: Course, verdict: Verdict, told: Sequence[tuple[Window, WindowJudgement]], theme: Theme
) -> go.Scatter:
    state = shown(course.criterion, verdict)
    return go.Scatter(
        x=[end_on_axis(w.ends, course.zone) for w, _ in told],
        y=[j.estimate.value for _, j in told if j.estimate],
        mode="markers",
        name=state.word,
        marker={
            "color": palette(theme).status(state.colour),
            "symbol": SYMBOLS[verdict],
            "size": 10,
            "line": {"width": 1, "color": palette(theme).paper},
        },
        customdata=[w.id for w, _ in told],
        hoverinfo="skip",
    )


def _words(course: Course, name: str, window: Window, judgement: WindowJudgement) -> str:
    criterion = course.criterion
    state = shown(criterion, judgement.verdict)
    days = formats.window(window, course.zone)
    return f"<b>{title(criterion)} {figure(criterion, judgement.estimate)}</b><br>{state.cell}<br>{name}<br>{days}"


def _edges(criterion: Criterion) -> list[float]:
    return [criterion.threshold] if criterion.direction != "within" else [criterion.threshold, -criterion.threshold]


def _thresholds(course: Course) -> list[dict[str, Any]]:
    level = {"type": "line", "line": {"color": GREY, "width": 1.5, "dash": "dash"}}
    whole = {"x0": 0, "x1": 1, "xref": "paper"}
    if len(course.spans) < 2:
        return [level | whole | {"y0": edge, "y1": edge} for edge in _edges(course.criterion)]
    return [
        level
        | {"x0": on_axis(span.starts, course.zone), "x1": end_on_axis(span.ends, course.zone), "y0": edge, "y1": edge}
        for span in course.spans
        for edge in _edges(span.criterion)
    ]


def _agreed(criterion: Criterion, theme: Theme) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": _edges(criterion)[0], "yanchor": "bottom"}
    return place | _muted(f"agreed {agreed(criterion)}", theme)


def _marks(course: Course, theme: Theme) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": {"color": GREY, "width": 1, "dash": "dot"}}
    top = {"y": 1, "yref": "paper", "yanchor": "top", "xanchor": "left"}
    moments = [(on_axis(mark.on, course.zone), mark.name) for mark in course.marks]
    lines = [upright | {"x0": at, "x1": at} for at, _ in moments]
    return lines, [top | {"x": at} | _muted(f" {name}", theme) for at, name in moments]


def _muted(text: str, theme: Theme) -> dict[str, Any]:
    return {"text": text, "showarrow": False, "font": {"color": palette(theme).muted, "size": 12}}

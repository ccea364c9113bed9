"""A criterion over the windows of production: estimates with their interval, what was agreed, who served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.monitoring.window import Window, WindowJudgement
from core.scoping.criterion import Criterion, Verdict
from dashboard import formats
from dashboard.charts.agreement import agreed, figure, shown, title, unit
from dashboard.charts.event_time import end_on_axis, on_axis
from dashboard.charts.theme import GREY, Theme, faint, palette

SYMBOLS = {
    Verdict.MET: "circle",
    Verdict.UNDECIDED: "diamond",
    Verdict.NOT_MET: "x",
    Verdict.NOT_APPLICABLE: "line-ew",
}


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
class Course:
    """How a criterion went in production, in a project's time zone."""

    criterion: Criterion
    zone: ZoneInfo
    lines: Sequence[Line]
    marks: Sequence[Mark] = ()


def criterion_over_windows(course: Course, theme: Theme) -> go.Figure:
    """Draw the champion's estimates thick with their interval, those of shadows thin, and the agreed value."""
    drawn = go.Figure()
    criterion = course.criterion
    for line in sorted(course.lines, key=lambda one: one.champion):
        if line.champion:
            drawn.add_traces(_band(line, course.zone, theme))
        drawn.add_trace(_line(course, line, theme))
    champions = [point for line in course.lines if line.champion for point in line.points]
    for verdict in SYMBOLS:
        told = [(w, j) for w, j in champions if j.verdict is verdict and j.estimate is not None]
        if told:
            drawn.add_trace(_points(course, verdict, told, theme))
    _thresholds(drawn, criterion, theme)
    _marks(drawn, course, theme)
    suffix = {"share": ".0%", "points": ".0%", "ms": ",.0f"}.get(unit(criterion))
    drawn.update_yaxes(tickformat=suffix, nticks=6)
    drawn.update_xaxes(tickformat="%-d %b\n%Y", nticks=12)
    drawn.update_layout(hovermode="closest")
    return drawn


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
    days = formats.span(window.starts, window.ends, course.zone)
    return f"<b>{title(criterion)} {figure(criterion, judgement.estimate)}</b><br>{state.cell}<br>{name}<br>{days}"


def _thresholds(drawn: go.Figure, criterion: Criterion, theme: Theme) -> None:
    edges = [criterion.threshold] if criterion.direction != "within" else [criterion.threshold, -criterion.threshold]
    for edge in edges:
        drawn.add_hline(y=edge, line={"color": GREY, "width": 1.5, "dash": "dash"})
    drawn.add_annotation(
        x=1,
        xref="paper",
        xanchor="right",
        y=edges[0],
        yanchor="bottom",
        text=f"agreed {agreed(criterion)}",
        showarrow=False,
        font={"color": palette(theme).muted, "size": 12},
    )


def _marks(drawn: go.Figure, course: Course, theme: Theme) -> None:
    for mark in course.marks:
        at = on_axis(mark.on, course.zone)
        drawn.add_shape(
            type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line={"color": GREY, "width": 1, "dash": "dot"}
        )
        drawn.add_annotation(
            x=at,
            y=1,
            yref="paper",
            yanchor="top",
            xanchor="left",
            text=f" {mark.name}",
            showarrow=False,
            font={"color": palette(theme).muted, "size": 12},
        )

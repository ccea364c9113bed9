"""One criterion: what it demands in words, how its threshold is typed, and what each stage said of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.metrics import METRICS
from core.scoping.criterion import Criterion, Verdict
from core.statistics.estimate import Estimate
from dashboard.charts.agreement import agreed, constants, figure, shown, title, unit
from dashboard.charts.human import human_level
from dashboard.charts.theme import GREY, Theme, palette

ROW_HEIGHT = 25
_PER_CENT = ("share", "small share", "points")
_SUFFIXES = {"share": "%", "small share": "%", "points": "points", "ms": "ms"}


def demand(criterion: Criterion) -> str:
    """Return what a criterion demands, as plain text: ``Recall (cut 0.3) at least 0.300 on origin == 'JFK'``."""
    said = constants(criterion)
    rows = f" on {criterion.slice.text}" if criterion.slice.conditions else ""
    return f"{METRICS[criterion.metric].title}{f' ({said})' if said else ''} {agreed(criterion)}{rows}"


def typed_in(criterion: Criterion) -> str:
    """Return the unit in which a person types the threshold: ``%``, ``points``, ``ms``, or nothing."""
    return _SUFFIXES.get(unit(criterion), "")


def to_typed(criterion: Criterion) -> float:
    """Return the threshold as a person types it: 5 for 5 %."""
    return round(criterion.threshold * (100 if unit(criterion) in _PER_CENT else 1), 6)


def from_typed(criterion: Criterion, typed: float) -> float:
    """Return the threshold that a person has typed, as it is kept: 0.05 for 5 %."""
    return round(typed / (100 if unit(criterion) in _PER_CENT else 1), 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one record said: ``group`` is its stage, ``name`` the record's."""

    id: str
    group: str
    name: str
    estimate: Estimate | None
    verdict: Verdict


def course_figure(criterion: Criterion, rows: Sequence[Row], theme: Theme, human: Estimate | None = None) -> go.Figure:
    """Draw one line a record: estimate with its interval against the agreed value, top to bottom.

    ``human`` is what annotators reach in the criterion's metric, where somebody has measured it.
    """
    drawn = go.Figure()
    measured = [(place, row, row.estimate) for place, row in enumerate(rows) if row.estimate is not None]
    for place, row, estimate in measured:
        colour = palette(theme).status(shown(criterion, row.verdict).colour)
        if estimate.interval:
            ends = [estimate.interval.lower, estimate.interval.upper]
            line = {"color": colour, "width": 4}
            drawn.add_trace(go.Scatter(x=ends, y=[place] * 2, mode="lines", line=line, opacity=0.45, hoverinfo="skip"))
    drawn.add_trace(_points(criterion, measured, theme))
    people = human_level(criterion, human, theme, span=(-0.5, len(rows) - 0.5))
    for shape in people.shapes:
        drawn.add_shape(**shape)
    _agreed_lines(drawn, criterion, theme, rows=len(rows))
    for annotation in people.annotations:
        drawn.add_annotation(**annotation)
    words = [f"<b>{row.group}</b>  {row.name}" if _first_of_group(rows, i) else row.name for i, row in enumerate(rows)]
    drawn.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=words,
        range=[len(rows) + (0.4 if human else -0.4), -1.1],
        showgrid=False,
        ticksuffix="  ",
    )
    suffix = {"share": ".0%", "small share": ".2%", "points": "+.0%", "ms": ",.0f"}.get(unit(criterion))
    drawn.update_xaxes(tickformat=suffix, nticks=8)
    drawn.update_layout(hovermode="closest")
    return drawn


def height(rows: Sequence[Row]) -> int:
    """Return how high the figure is."""
    return ROW_HEIGHT * len(rows) + 62


def _first_of_group(rows: Sequence[Row], place: int) -> bool:
    return place == 0 or rows[place - 1].group != rows[place].group


def _points(criterion: Criterion, measured: Sequence[tuple[int, Row, Estimate]], theme: Theme) -> go.Scatter:
    colours = palette(theme)
    states = [shown(criterion, row.verdict) for _, row, _ in measured]
    texts = [
        f"<b>{title(criterion)} {figure(criterion, estimate)}</b><br>{state.cell}<br>{row.group} {row.name}"
        for (_, row, estimate), state in zip(measured, states, strict=True)
    ]
    return go.Scatter(
        x=[estimate.value for _, _, estimate in measured],
        y=[place for place, _, _ in measured],
        mode="markers",
        marker={"color": [colours.status(state.colour) for state in states], "size": 10},
        customdata=[row.id for _, row, _ in measured],
        text=texts,
        hovertemplate="%{text}<extra></extra>",
    )


def _agreed_lines(drawn: go.Figure, criterion: Criterion, theme: Theme, *, rows: int) -> None:
    edges = [criterion.threshold] if criterion.direction != "within" else [-criterion.threshold, criterion.threshold]
    line = {"color": GREY, "width": 1.5, "dash": "dash"}
    for edge in edges:
        drawn.add_shape(type="line", x0=edge, x1=edge, y0=-0.5, y1=rows - 0.5, line=line)
    drawn.add_annotation(
        x=edges[-1],
        y=-0.8,
        text=f"agreed {agreed(criterion)}",
        showarrow=False,
        font={"color": palette(theme).muted, "size": 12},
    )

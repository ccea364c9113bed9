"""Criteria side by side: where each estimate lies from what was agreed, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.scoping.criterion import Direction, Verdict
from core.statistics.estimate import Estimate, Interval
from dashboard import formats
from dashboard.charts.theme import GREY, QUIET, Theme, palette
from dashboard.vocabulary import DIRECTIONS, State, state_of

ROW_HEIGHT = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion of the strip: ``title`` is what it asks for (``recall, all rows``), ``unit`` its metric's."""

    key: str
    title: str
    direction: Direction
    threshold: float
    unit: str
    estimate: Estimate | None
    verdict: Verdict
    state: State | None = None

    @property
    def shown(self) -> State:
        """Return how the verdict is shown: a monitor that is not met is amber."""
        return self.state or state_of(self.verdict)


def agreed(row: CriterionRow) -> str:
    """Return what was agreed, in words: ``at least 0.300``."""
    threshold = formats.metric(abs(row.threshold), row.unit).lstrip("+")
    return f"{DIRECTIONS[row.direction]}{'' if row.direction == 'within' else ' '}{threshold}"


def criteria_strip(rows: Sequence[CriterionRow], theme: Theme) -> go.Figure:
    """Draw one line a criterion: the agreed value is the line in the middle, and right of it is where it is met.

    Each criterion has a scale of its own, so distances are compared along a line, not between lines.
    """
    figure = go.Figure()
    for position, row in enumerate(rows):
        if row.estimate is not None:
            figure.add_traces(_row(row, row.estimate, position, theme))
        figure.add_annotation(_words(row, position, theme))
    ink = palette(theme)
    figure.add_shape(
        type="line", x0=0, x1=0, y0=-0.45, y1=len(rows) - 0.55, line={"color": GREY, "width": 1.5, "dash": "dot"}
    )
    figure.add_annotation(
        x=0, y=-0.62, text="agreed", showarrow=False, font={"color": ink.muted, "size": 12}, xanchor="center"
    )
    labels = [f"<b>{row.key}</b>  {row.title}" for row in rows]
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=labels, range=[len(rows) - 0.5, -0.8], showgrid=False, ticksuffix="  "
    )
    figure.update_xaxes(range=[-1.15, 1.15], domain=[0, 0.66], showticklabels=False, ticks="")
    figure.update_layout(hovermode="closest")
    return figure


def height(rows: Sequence[CriterionRow]) -> int:
    """Return how high the strip is."""
    return ROW_HEIGHT * len(rows) + 30


def _row(row: CriterionRow, estimate: Estimate, position: int, theme: Theme) -> list[go.Scatter]:
    colour = palette(theme).status(row.shown.colour)
    value, bounds = _margin(row, estimate.value), _margins(row, estimate.interval)
    reach = 1.05 * max([abs(value), *(abs(bound) for bound in bounds)]) or 1.0
    hover = f"{row.key}: {formats.estimate(estimate, row.unit)}, {agreed(row)}<extra></extra>"
    bar = go.Scatter(
        x=[bound / reach for bound in bounds],
        y=[position] * len(bounds),
        mode="lines",
        line={"color": colour, "width": 5},
        opacity=0.45,
        hoverinfo="skip",
        showlegend=False,
    )
    rail = go.Scatter(
        x=[-1.1, 1.1],
        y=[position] * 2,
        mode="lines",
        line={"color": QUIET, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    point = go.Scatter(
        x=[value / reach],
        y=[position],
        mode="markers",
        marker={"color": colour, "size": 11},
        hovertemplate=hover,
        showlegend=False,
        customdata=[row.key],
    )
    return [rail, bar, point]


def _words(row: CriterionRow, position: int, theme: Theme) -> dict[str, object]:
    state = row.shown
    colours = palette(theme)
    figure = f"<b>{formats.estimate(row.estimate, row.unit)}</b>  " if row.estimate else ""
    text = (
        f"{figure}<span style='color:{colours.status(state.colour)}'>{state.mark} {state.word}</span>"
        f"<br><span style='color:{colours.muted}'>{agreed(row)}</span>"
    )
    return {
        "x": 0.68,
        "xref": "paper",
        "xanchor": "left",
        "y": position,
        "text": text,
        "showarrow": False,
        "align": "left",
    }


def _margin(row: CriterionRow, value: float) -> float:
    match row.direction:
        case ">=":
            return value - row.threshold
        case "<=":
            return row.threshold - value
        case "within":
            return row.threshold - abs(value)


def _margins(row: CriterionRow, interval: Interval | None) -> list[float]:
    if interval is None:
        return []
    ends = [_margin(row, interval.lower), _margin(row, interval.upper)]
    if row.direction == "within" and interval.contains(0.0):
        ends.append(row.threshold)
    return [min(ends), max(ends)]

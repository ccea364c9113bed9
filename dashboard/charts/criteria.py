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
    ink = palette(theme)
    line = {"color": GREY, "width": 1.5, "dash": "dot"}
    below = {"x": 0, "y": -0.62, "text": "agreed", "showarrow": False, "font": {"color": ink.muted, "size": 12}}
    return go.Figure(
        _traces([_place(row, row.estimate, y, theme) for y, row in enumerate(rows) if row.estimate is not None]),
        {
            "annotations": [*(_words(row, y, theme) for y, row in enumerate(rows)), {**below, "xanchor": "center"}],
            "shapes": [{"type": "line", "x0": 0, "x1": 0, "y0": -0.45, "y1": len(rows) - 0.55, "line": line}],
            "yaxis": {
                "tickvals": list(range(len(rows))),
                "ticktext": [f"<b>{row.key}</b>  {row.title}" for row in rows],
                "range": [len(rows) - 0.5, -0.8],
                "showgrid": False,
                "ticksuffix": "  ",
            },
            "xaxis": {"range": [-1.15, 1.15], "domain": [0, 0.66], "showticklabels": False, "ticks": ""},
            "hovermode": "closest",
        },
    )


def height(rows: Sequence[CriterionRow]) -> int:
    """Return how high the strip is."""
    return ROW_HEIGHT * len(rows) + 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an estimate and the ends of its interval lie on the line ``y``, the agreed value at 0."""

    key: str
    y: int
    x: float
    ends: tuple[float, ...]
    colour: str
    hover: str


def _place(row: CriterionRow, estimate: Estimate, y: int, theme: Theme) -> _Place:
    value, ends = _margin(row, estimate.value), _margins(row, estimate.interval)
    reach = 1.05 * max([abs(value), *(abs(end) for end in ends)]) or 1.0
    return _Place(
        key=row.key,
        y=y,
        x=value / reach,
        ends=tuple(end / reach for end in ends),
        colour=palette(theme).status(row.shown.colour),
        hover=f"{row.key}: {formats.estimate(estimate, row.unit)}, {agreed(row)}<extra></extra>",
    )


def _traces(places: Sequence[_Place]) -> list[go.Scatter]:
    """Return as few traces as the colours allow: a browser takes its time for each."""
    if not places:
        return []
    rails = _lines([((-1.1, 1.1), place.y) for place in places], {"color": QUIET, "width": 1})
    colours = dict.fromkeys(place.colour for place in places)
    bars = [
        _lines([(p.ends, p.y) for p in places if p.colour == colour], {"color": colour, "width": 5}, opacity=0.45)
        for colour in colours
    ]
    points = go.Scatter(
        x=[place.x for place in places],
        y=[place.y for place in places],
        mode="markers",
        marker={"color": [place.colour for place in places], "size": 11},
        hovertemplate=[place.hover for place in places],
        showlegend=False,
        customdata=[place.key for place in places],
    )
    return [rails, *bars, points]


def _lines(spans: Sequence[tuple[Sequence[float], int]], line: dict[str, object], *, opacity: float = 1) -> go.Scatter:
    return go.Scatter(
        x=[x for ends, _ in spans for x in (*ends, None)],
        y=[place for ends, y in spans for place in (*[y] * len(ends), None)],
        mode="lines",
        line=line,
        opacity=opacity,
        hoverinfo="skip",
        showlegend=False,
    )


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

"""Runs side by side: what each measured, with its interval, against what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from core.scoping.criterion import Criterion, Verdict
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.agreement import agreed, figure, shown, unit
from dashboard.charts.human import human_level
from dashboard.charts.theme import GREY, Theme, palette

ROW_HEIGHT = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run: ``baseline`` ones are drawn grey, for they are judged by nobody."""

    run_id: str
    title: str
    estimate: Estimate
    verdict: Verdict
    baseline: bool = False


def height(rows: Sequence[RunRow]) -> int:
    """Return how high the chart is."""
    return ROW_HEIGHT * len(rows) + 56


def run_estimates(
    rows: Sequence[RunRow], criterion: Criterion, theme: Theme, human: Estimate | None = None
) -> go.Figure:
    """Draw one line a run, the first on top: its estimate, its interval, and the agreed value as a dotted line.

    ``human`` is what annotators reach in the criterion's metric, where somebody has measured it.
    """
    people = human_level(criterion, human, theme, span=(-0.55, len(rows) - 0.5))
    ends = _agreed_ends(criterion)
    upright = {"type": "line", "y0": -0.55, "y1": len(rows) - 0.5, "line": {"color": GREY, "width": 1.5, "dash": "dot"}}
    word = {
        "showarrow": False,
        "font": {"color": palette(theme).muted, "size": 12},
        "text": f"agreed {agreed(criterion)}",
    }
    colours = [_colour(row, criterion, theme) for row in rows]
    bars = [
        _bars([(row, y) for y, row in enumerate(rows) if colours[y] == colour], colour)
        for colour in dict.fromkeys(colours)
    ]
    suffix = {"share": ".0%", "points": "+.0%", "ms": ",.0f"}.get(unit(criterion))
    return go.Figure(
        [*bars, _points(rows, colours, criterion, theme)],
        {
            "shapes": [*people.shapes, *(upright | {"x0": x, "x1": x} for x in ends)],
            "annotations": [word | {"x": ends[-1], "y": -0.75}, *people.annotations],
            "yaxis": {
                "tickvals": list(range(len(rows))),
                "ticktext": [escape(row.title, quote=False) for row in rows],
                "range": [len(rows) - (0 if human else 0.5), -0.9],
                "showgrid": False,
                "ticksuffix": "  ",
            },
            "xaxis": {"tickformat": suffix, "showgrid": True, "nticks": 8, "range": _across(rows, ends, human)},
            "hovermode": "closest",
        },
    )


def _across(rows: Sequence[RunRow], agreed_ends: Sequence[float], human: Estimate | None) -> tuple[float, float]:
    """Return the range that holds every interval with a little room: lines alone would end at the very edge."""
    estimates = [*(row.estimate for row in rows), *([human] if human else [])]
    spans = [(e.interval.lower, e.interval.upper) if e.interval else (e.value, e.value) for e in estimates]
    known = [*agreed_ends, *(end for span in spans for end in span), *(e.value for e in estimates)]
    room = 0.04 * (max(known) - min(known)) or 0.04
    return min(known) - room, max(known) + room


def _colour(row: RunRow, criterion: Criterion, theme: Theme) -> str:
    colours = palette(theme)
    return colours.gray if row.baseline else colours.status(shown(criterion, row.verdict).colour)


def _bars(rows: Sequence[tuple[RunRow, int]], colour: str) -> go.Scatter:
    spans = [(row.estimate.interval, y) for row, y in rows if row.estimate.interval]
    return go.Scatter(
        x=[x for interval, _ in spans for x in (interval.lower, interval.upper, None)],
        y=[place for _, y in spans for place in (y, y, None)],
        mode="lines",
        line={"color": colour, "width": 5},
        opacity=0.45,
        hoverinfo="skip",
        showlegend=False,
    )


def _points(rows: Sequence[RunRow], colours: Sequence[str], criterion: Criterion, theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=[row.estimate.value for row in rows],
        y=list(range(len(rows))),
        mode="markers+text",
        marker={
            "color": colours,
            "size": 11,
            "symbol": ["circle-open" if row.baseline else "circle" for row in rows],
        },
        text=[formats.metric(row.estimate.value, unit(criterion)) for row in rows],
        textposition="top center",
        textfont={"color": palette(theme).muted, "size": 12},
        hovertemplate=[
            f"{escape(row.title, quote=False)}: {figure(criterion, row.estimate)}<extra></extra>" for row in rows
        ],
        customdata=[row.run_id for row in rows],
        showlegend=False,
        cliponaxis=False,
    )


def _agreed_ends(criterion: Criterion) -> tuple[float, ...]:
    return (-criterion.threshold, criterion.threshold) if criterion.direction == "within" else (criterion.threshold,)

"""A label study drawn: how far annotators agree, and which labels they take for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from core.data.label_study import StudyFigures, said_beside
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.theme import GREY, Theme, faint, palette

ROW_HEIGHT = 30
_MEASURES = {
    "raw": "Same label",
    "fleiss": "Fleiss' kappa",
    "nominal": "Krippendorff's alpha",
    "ordinal": "Krippendorff's alpha, ordinal",
    "interval": "Krippendorff's alpha, interval",
}
_MOST_PAIRS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One measure of agreement: its name, and what it came to."""

    name: str
    estimate: Estimate


def measures(figures: StudyFigures, *, most_pairs: int = _MOST_PAIRS) -> list[Agreement]:
    """Return all measures of a study: those of all annotators, then Cohen's kappa of each two."""
    together = [Agreement(name=_MEASURES[name], estimate=found) for name, found in figures.agreement.items()]
    pairs = [
        Agreement(name=f"Cohen's kappa, {pair.first} and {pair.second}", estimate=pair.kappa)
        for pair in figures.pairs
        if pair.kappa is not None
    ]
    return [*together, *pairs[:most_pairs]]


def agreement_figure(shown: Sequence[Agreement], theme: Theme) -> go.Figure:
    """Draw one line a measure: its estimate and its interval, and agreement by chance as a dotted line."""
    colours = palette(theme)
    spans = [(one.estimate.interval, y) for y, one in enumerate(shown) if one.estimate.interval]
    bars = go.Scatter(
        x=[x for interval, _ in spans for x in (interval.lower, interval.upper, None)],
        y=[place for _, y in spans for place in (y, y, None)],
        mode="lines",
        line={"color": colours.current, "width": 5},
        opacity=0.45,
        hoverinfo="skip",
    )
    points = go.Scatter(
        x=[one.estimate.value for one in shown],
        y=list(range(len(shown))),
        mode="markers",
        marker={"color": colours.current, "size": 10},
        hovertemplate=[f"{_plain(one.name)}: {formats.estimate(one.estimate)}<extra></extra>" for one in shown],
    )
    names = [_plain(one.name) for one in shown]
    upright = {"type": "line", "y0": -0.5, "y1": len(shown) - 0.5, "line": {"color": GREY, "width": 1, "dash": "dot"}}
    return go.Figure(
        [bars, points],
        {
            "shapes": [upright | {"x0": 0, "x1": 0}],
            "yaxis": {
                "tickvals": list(range(len(shown))),
                "ticktext": names,
                "range": [len(shown) - 0.5, -0.5],
                "showgrid": False,
                "ticksuffix": "  ",
            },
            "xaxis": {"range": [min([-0.05, *_lows(shown)]), 1.05], "showgrid": True, "nticks": 6},
            "hovermode": "closest",
        },
    )


def agreement_height(shown: Sequence[Agreement]) -> int:
    """Return how high the figure of agreement is."""
    return ROW_HEIGHT * len(shown) + 40


def confusion_figure(figures: StudyFigures, theme: Theme) -> go.Figure:
    """Draw which label stands beside which: a row for what one annotator says, a column for what another says."""
    names = [_plain(label) for label in figures.confused]
    shares = said_beside(figures)
    colours = palette(theme)
    return go.Figure(
        go.Heatmap(
            z=shares,
            x=names,
            y=names,
            zmin=0,
            zmax=1,
            colorscale=[[0, faint(colours.current, 0.03)], [1, faint(colours.current, 0.75)]],
            showscale=False,
            xgap=2,
            ygap=2,
            text=[[formats.share(share, 0) if share else "" for share in row] for row in shares],
            texttemplate="%{text}",
            textfont={"color": colours.ink},
            customdata=figures.confusion,
            hovertemplate="One says %{y}, another %{x}: %{text} (%{customdata:,} pairs)<extra></extra>",
        ),
        {
            "xaxis": {"type": "category", "title": {"text": "another says", "font": {"size": 12}}, "showgrid": False},
            "yaxis": {
                "type": "category",
                "autorange": "reversed",
                "title": {"text": "where one says", "font": {"size": 12}},
                "ticksuffix": "  ",
                "showgrid": False,
            },
            "hovermode": "closest",
        },
    )


def confusion_height(figures: StudyFigures) -> int:
    """Return how high the figure of confusion is."""
    return max(150, 34 * len(figures.confused) + 70)


def _lows(shown: Sequence[Agreement]) -> list[float]:
    return [one.estimate.interval.lower if one.estimate.interval else one.estimate.value for one in shown]


def _plain(text: str) -> str:
    cut = text if len(text) <= 44 else f"{text[:43]}…"
    return escape(cut, quote=False)

"""A metric's change, part by part, from what the hold-out said to what the window says."""

import plotly.graph_objects as go

from core.monitoring.hurting.waterfall import Moved, Part, Waterfall
from dashboard import formats
from dashboard.charts.theme import GREY, Theme, palette

NAMES = {
    Moved.INPUTS: "Other inputs",
    Moved.CLASS_SHARES: "Other class shares",
    Moved.REMAINDER: "What is left",
    Moved.TOGETHER: "Rows within training",
    Moved.BEYOND: "Rows beyond training",
}
"""What a part is called."""


def parts_of_change(found: Waterfall, unit: str, *, worse: int, theme: Theme) -> go.Figure:
    """Draw the steps from the hold-out to the window with their intervals; what goes the way of ``worse`` is amber."""
    colours = palette(theme)
    up, down = (colours.orange, colours.current) if worse > 0 else (colours.current, colours.orange)
    names = ["Hold-out", *(NAMES[part.moved] for part in found.parts), "This window"]
    steps = go.Waterfall(
        x=names,
        y=[found.then, *(part.value for part in found.parts), 0],
        measure=["absolute", *("relative" for _ in found.parts), "total"],
        increasing={"marker": {"color": up}},
        decreasing={"marker": {"color": down}},
        totals={"marker": {"color": colours.reference}},
        connector={"line": {"color": GREY, "width": 1, "dash": "dot"}},
        hovertemplate=_hovers(found, unit),
        showlegend=False,
    )
    layout = {
        "hovermode": "closest",
        "dragmode": False,
        "bargap": 0.45,
        "xaxis": {"type": "category", "fixedrange": True},
        "yaxis": {"nticks": 6, "fixedrange": True},
    }
    return go.Figure([steps, _intervals(found, theme)], layout)


def _intervals(found: Waterfall, theme: Theme) -> go.Scatter:
    ink = palette(theme).ink
    ends = [found.then + sum(part.value for part in found.parts[: place + 1]) for place in range(len(found.parts))]
    known = [(end, part) for end, part in zip(ends, found.parts, strict=True) if part.interval]
    return go.Scatter(
        x=[NAMES[part.moved] for _, part in known],
        y=[end for end, _ in known],
        mode="markers",
        marker={"size": 5, "color": ink},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [part.interval.upper - part.value if part.interval else 0 for _, part in known],
            "arrayminus": [part.value - part.interval.lower if part.interval else 0 for _, part in known],
            "color": ink,
            "thickness": 1.5,
            "width": 5,
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _hovers(found: Waterfall, unit: str) -> list[str]:
    ends = [f"Hold-out {formats.metric(found.then, unit)}", f"This window {formats.metric(found.now, unit)}"]
    said = [ends[0], *(part_words(part, unit) for part in found.parts), ends[1]]
    return [f"{words}<extra></extra>" for words in said]


def part_words(part: Part, unit: str) -> str:
    """Return a part with its figure and interval, as plain text."""
    return f"{NAMES[part.moved]} {formats.moved(part.value, part.interval, unit)}"

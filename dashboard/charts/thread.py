"""The path of a criterion through the six phases, left to right: a node a record, coloured by what was said there."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.theme import GREY, QUIET, Theme, palette
from dashboard.vocabulary import PHASES, State

_STEP = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One record of the path: in which phase column, what it is called, when it was, how it is shown."""

    phase: str
    title: str
    said: str
    when: str
    state: State


def path(nodes: Sequence[Node], theme: Theme) -> go.Figure:
    """Draw the path; ``customdata`` of a node is its place in ``nodes``."""
    colours = palette(theme)
    places = _places(nodes)
    x, y = [x for x, _ in places], [y for _, y in places]
    shades = [colours.status(node.state.colour) for node in nodes]
    line = go.Scatter(
        x=x, y=y, mode="lines", line={"color": GREY, "width": 1.5, "shape": "linear"}, opacity=0.5, hoverinfo="skip"
    )
    points = go.Scatter(
        x=x,
        y=y,
        mode="markers+text",
        marker={"size": 22, "color": [colours.paper] * len(nodes), "line": {"width": 2, "color": shades}},
        text=[node.state.mark for node in nodes],
        textfont={"color": shades, "size": 12},
        customdata=list(range(len(nodes))),
        hovertext=[_hover(node) for node in nodes],
        hoverinfo="text",
    )
    return go.Figure([line, points], {**_phases(theme, deepest=_deepest(nodes)), "hovermode": "closest"})


def height(nodes: Sequence[Node]) -> int:
    """Return how high the figure is."""
    return _STEP * _deepest(nodes) + 60


def _places(nodes: Sequence[Node]) -> list[tuple[float, float]]:
    """Return where each node lies: its phase's column, later ones lower and a little to the right."""
    columns, seen = {phase: column for column, phase in enumerate(PHASES)}, dict.fromkeys(PHASES, 0)
    counts = {phase: sum(node.phase == phase for node in nodes) for phase in PHASES}
    places: list[tuple[float, float]] = []
    for node in nodes:
        order, many = seen[node.phase], counts[node.phase]
        seen[node.phase] += 1
        aside = 0.56 * (order / (many - 1) - 0.5) if many > 1 else 0.0
        places.append((columns[node.phase] + aside, float(order)))
    return places


def _deepest(nodes: Sequence[Node]) -> int:
    return max((sum(node.phase == phase for node in nodes) for phase in PHASES), default=1)


def _hover(node: Node) -> str:
    plain = node.title.replace("<", "‹").replace(">", "›")
    return "<br>".join(part for part in (f"<b>{plain}</b>", node.state.cell, node.said, node.when) if part)


def _phases(theme: Theme, *, deepest: int) -> dict[str, object]:
    border = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "line": {"color": QUIET, "width": 1}}
    return {
        "xaxis": {
            "tickvals": list(range(len(PHASES))),
            "ticktext": [title for title, _ in PHASES.values()],
            "range": [-0.5, len(PHASES) - 0.5],
            "side": "top",
            "ticks": "",
            "tickfont": {"color": palette(theme).ink, "size": 13},
        },
        "yaxis": {"visible": False, "range": [deepest - 0.4, -0.7]},
        "shapes": [border | {"x0": place - 0.5, "x1": place - 0.5} for place in range(1, len(PHASES))],
    }

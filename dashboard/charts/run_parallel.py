"""Parameters and a metric of many runs as parallel coordinates, coloured by the metric."""

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go

from core.modelling.tracking.columns import Cell
from dashboard.charts.theme import Theme, palette


def run_parallel(
    parameters: Mapping[str, Sequence[Cell]], metric: str, values: Sequence[float], theme: Theme
) -> go.Figure:
    """Draw a line a run through its parameters to its metric; what is no number is in the order of the alphabet."""
    colours = palette(theme)
    dimensions = [_dimension(name, cells) for name, cells in parameters.items()]
    dimensions.append({"label": _short(metric), "values": list(values)})
    lines = go.Parcoords(
        dimensions=dimensions,
        line={"color": list(values), "colorscale": [[0, colours.border], [1, colours.current]]},
        labelfont={"color": colours.ink, "size": 12},
        tickfont={"color": colours.muted, "size": 11},
        rangefont={"color": "rgba(0,0,0,0)", "size": 1},
        unselected={"line": {"opacity": 0.05}},
    )
    figure = go.Figure(lines)
    figure.update_layout(margin={"l": 60, "r": 60, "t": 48, "b": 16})
    return figure


def _dimension(name: str, cells: Sequence[Cell]) -> dict[str, object]:
    try:
        return {"label": _short(name), "values": [float(cell) for cell in cells if cell is not None]}
    except ValueError:
        kinds = sorted({str(cell) for cell in cells})
        places = {kind: place for place, kind in enumerate(kinds)}
        return {
            "label": _short(name),
            "values": [places[str(cell)] for cell in cells],
            "tickvals": list(range(len(kinds)))[:_MOST_TICKS],
            "ticktext": [_short(kind) for kind in kinds[:_MOST_TICKS]],
        }


def _short(text: str) -> str:
    return escape(text if len(text) <= 16 else f"{text[:15]}…", quote=False)


_MOST_TICKS = 20

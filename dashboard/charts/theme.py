"""One look for every figure: colours by theme, margins, grid, hover, legend."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import plotly.graph_objects as go

Theme = Literal["light", "dark"]
Status = Literal["green", "blue", "orange", "red", "gray"]

QUIET = "rgba(128,128,128,.22)"
"""Grid lines and bands: readable on both papers."""
GREY = "rgba(128,128,128,.9)"
"""Lines that say something and take no side: thresholds, deploy marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a theme, as ``.streamlit/config.toml`` has them.

    ``series`` tells things apart that have no state; ``current`` is its first. ``reference`` is what current is
    compared with. ``scale`` runs from little to much of an effect, in amber: drift is a reason to look.
    """

    green: str
    blue: str
    orange: str
    red: str
    gray: str
    ink: str
    muted: str
    paper: str
    border: str
    series: tuple[str, ...]
    scale: tuple[str, ...]

    @property
    def current(self) -> str:
        """Return the colour of what is judged."""
        return self.series[0]

    @property
    def reference(self) -> str:
        """Return the colour of what it is compared with."""
        return self.gray

    @property
    def second(self) -> str:
        """Return the colour of a second reference."""
        return self.series[1]

    def status(self, colour: Status) -> str:
        """Return the colour of a state, by its name in the vocabulary."""
        return {
            "green": self.green,
            "blue": self.blue,
            "orange": self.orange,
            "red": self.red,
            "gray": self.gray,
        }[colour]


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        green="#1B7F4B",
        blue="#2F5AA8",
        orange="#B26A00",
        red="#B3261E",
        gray="#6B7280",
        ink="#1B1F24",
        muted="#5A616C",
        paper="#FCFBF8",
        border="#DDD9CF",
        series=("#0E5A6B", "#7A4FB5", "#A4823A", "#5B6472", "#A3357A", "#3F8FB5", "#6E6B3A", "#8C5A4C", "#4B6FB0"),
        scale=("#F3F1EB", "#F6E7C8", "#EFCF93", "#E0AC55", "#C98520", "#A66200"),
    ),
    "dark": Palette(
        green="#4FBF86",
        blue="#8FA8F0",
        orange="#E9A94B",
        red="#F0837B",
        gray="#9AA4AF",
        ink="#E8E6E1",
        muted="#A9B2BC",
        paper="#12161B",
        border="#2E363F",
        series=("#58B6C9", "#B79AE8", "#D0B26C", "#A7B0BD", "#E58AC0", "#7FC4EC", "#B5B27A", "#CE9B8B", "#8FA8F0"),
        scale=("#1B2128", "#33291A", "#5A4420", "#866128", "#B98232", "#E9A94B"),
    ),
}


def palette(theme: Theme) -> Palette:
    """Return the colours of a theme."""
    return PALETTES[theme]


def faint(colour: str, opacity: float = 0.16) -> str:
    """Return ``#RRGGBB`` with an opacity, for bands under a line of that colour."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def styled(figure: go.Figure, theme: Theme, *, height: int = 280, legend: bool = True, key: str = "") -> go.Figure:
    """Give a figure the common look and return it; what it says about its own axes and its hover stays.

    ``key`` names the figure: a reader's zoom outlives new data under the same key.
    """
    # One new layout, which gets the default template: ``update_layout`` and its kin cost some ten times as much.
    said: dict[str, Any] = cast("Any", figure).layout.to_plotly_json()
    said.pop("template", None)
    axes = {name for name in said if _is_axis(name)} | {"xaxis", "yaxis"}
    look = {name: _axis(name, said.get(name, {}), theme) for name in axes}
    layout = {"hovermode": "x unified", **said, **_look(theme, height, legend), **look, "uirevision": key or None}
    cast("Any", figure).layout = layout
    return figure


def _look(theme: Theme, height: int, legend: bool) -> dict[str, Any]:
    colours = palette(theme)
    font = {"family": "Instrument Sans, sans-serif", "size": 13, "color": colours.ink}
    return {
        "height": height,
        "margin": {"l": 0, "r": 12, "t": 8 if not legend else 30, "b": 0},
        "font": font,
        "colorway": list(colours.series),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"namelength": -1, "bgcolor": colours.paper, "bordercolor": colours.border, "font": font},
        "showlegend": legend,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "xanchor": "left", "title": None},
    }


def _is_axis(name: str) -> bool:
    return name.startswith(("xaxis", "yaxis"))


def _axis(name: str, said: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    tick = {"color": palette(theme).muted, "size": 12, **said.get("tickfont", {})}
    across = {"showgrid": False, "linecolor": QUIET} if name.startswith("x") else {}
    return {"zeroline": False, "automargin": True, "gridcolor": QUIET, **across, **said, "tickfont": tick}

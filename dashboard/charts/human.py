"""The human level as a line: what annotators reach in a criterion's metric, with its interval as a band."""

from dataclasses import dataclass
from typing import Any

from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate
from dashboard import formats
from dashboard.charts.agreement import unit
from dashboard.charts.theme import Theme, faint, palette

_METHOD = (
    "\n\nThe line with a band is the **human level** of the newest label study: what its annotators reach in this "
    "metric, and its 95 % interval; items are resampled."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanLine:
    """What a figure's layout adds for the human level."""

    shapes: tuple[dict[str, Any], ...] = ()
    annotations: tuple[dict[str, Any], ...] = ()


NO_LINE = HumanLine()
"""Nobody has measured what people reach."""


def human_words(criterion: Criterion, human: Estimate) -> str:
    """Return the human level in words: ``human level 0.860``."""
    return f"human level {formats.metric(human.value, unit(criterion))}"


def human_aside(criterion: Criterion, human: Estimate | None) -> str:
    """Return the human level for the end of a figure's text; nothing where it is not known."""
    return f", {human_words(criterion, human)}" if human else ""


def human_method(human: Estimate | None) -> str:
    """Return how the human level was measured, as Markdown behind a figure's method; nothing where it is not known."""
    return _METHOD if human else ""


def human_level(criterion: Criterion, human: Estimate | None, theme: Theme, *, span: tuple[float, float]) -> HumanLine:
    """Return an upright line in a figure whose values run along x; ``span`` is from where to where on y."""
    if human is None:
        return NO_LINE
    top, bottom = span
    upright = [{"x0": low, "x1": high, "y0": top, "y1": bottom} for low, high in _edges(human)]
    word = {"x": human.value, "y": bottom, "yanchor": "top"}
    return _line(upright, word | _word(criterion, human, theme), theme)


def human_level_over_time(criterion: Criterion, human: Estimate | None, theme: Theme) -> HumanLine:
    """Return a level line across a figure whose values run along y."""
    if human is None:
        return NO_LINE
    level = [{"y0": low, "y1": high, "x0": 0, "x1": 1, "xref": "paper"} for low, high in _edges(human)]
    # away from the agreed line, whose words stand above it
    side = "bottom" if human.value >= criterion.threshold else "top"
    word = {"x": 1, "xref": "paper", "xanchor": "right", "y": human.value, "yanchor": side}
    return _line(level, word | _word(criterion, human, theme), theme)


def _edges(human: Estimate) -> list[tuple[float, float]]:
    """Return the two ends of the line and, where there is an interval, of its band."""
    bounds = [(human.interval.lower, human.interval.upper)] if human.interval else []
    return [(human.value, human.value), *bounds]


def _line(places: list[dict[str, Any]], word: dict[str, Any], theme: Theme) -> HumanLine:
    colour = _colour(theme)
    looks = (
        {"type": "line", "line": {"color": colour, "width": 1.5, "dash": "dashdot"}, "layer": "below"},
        {"type": "rect", "line": {"width": 0}, "fillcolor": faint(colour, 0.09), "layer": "below"},
    )
    shapes = tuple(look | place for look, place in zip(looks, places, strict=False))
    return HumanLine(shapes=shapes, annotations=(word,))


def _word(criterion: Criterion, human: Estimate, theme: Theme) -> dict[str, Any]:
    return {
        "text": human_words(criterion, human),
        "showarrow": False,
        "font": {"color": _colour(theme), "size": 12},
    }


def _colour(theme: Theme) -> str:
    return palette(theme).ink  # it judges nothing and is no version of ours

"""The circle: six phases as one picture, each with its state, one number and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sin

from dashboard.vocabulary import State

_WIDTH, _HEIGHT, _OUTER, _INNER = 330, 300, 128, 90
_GAP, _TIP = radians(5), radians(5.5)
_ROWS = (50, 150, 250)
_SHORT = 7
_PLACES = ("right 1", "right 2", "right 3", "left 3", "left 2", "left 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One phase of the circle: ``figure`` is its one number, ``label`` what it counts, ``view`` where it leads."""

    title: str
    icon: str
    state: State
    figure: str
    label: str
    view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What stands in the middle: a figure that matters to all phases."""

    label: str = ""
    figure: str = ""
    note: str = ""
    colour: str = "gray"


def circle_html(segments: Sequence[Segment], centre: Centre, *, alt: str) -> str:
    """Return the picture as HTML: a ring of six arcs clockwise from the top, and a label beside each.

    Every text is escaped. A label is a button that carries its view in ``data-view``, so the picture is read and used
    without seeing it.
    """
    arcs = "".join(_arc(index, segment) for index, segment in enumerate(segments))
    labels = "".join(_label(segment, place) for segment, place in zip(segments, _PLACES, strict=True))
    size = " long" if len(centre.figure) > _SHORT else ""
    middle = (
        f'<div class="middle"><span>{escape(centre.label)}</span>'
        f'<b class="{centre.colour}{size}">{escape(centre.figure)}</b><span>{escape(centre.note)}</span></div>'
    )
    ring = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" aria-hidden="true">{arcs}</svg>'
    return (
        f'<div class="circle" role="group" aria-label="{escape(alt)}"><div class="ring">{ring}{middle}</div>'
        f"{labels}</div>"
    )


def _point(radius: float, angle: float) -> str:
    return f"{_WIDTH / 2 + radius * sin(angle):.1f} {_HEIGHT / 2 - radius * cos(angle):.1f}"


def _arc(index: int, segment: Segment) -> str:
    start, end = radians(60 * index) + _GAP / 2, radians(60 * (index + 1)) - _GAP / 2
    middle, half = (start + end) / 2, (_OUTER + _INNER) / 2
    shape = (
        f"M{_point(_OUTER, start)}A{_OUTER} {_OUTER} 0 0 1 {_point(_OUTER, end)}L{_point(half, end + _TIP)}"
        f"L{_point(_INNER, end)}A{_INNER} {_INNER} 0 0 0 {_point(_INNER, start)}L{_point(half, start + _TIP)}Z"
    )
    right = index < 3
    row = _ROWS[index if right else 5 - index]
    edge, knee = (_WIDTH, _WIDTH - 22) if right else (0, 22)
    icon = _point(half, middle + _TIP / 2).split()
    return (
        f'<g class="arc {segment.state.colour}" data-view="{escape(segment.view)}"><path class="lead" '
        f'd="M{_point(_OUTER + 5, middle)}L{knee} {row}L{edge} {row}"/><path class="band" d="{shape}"/>'
        f'<text class="icon" x="{icon[0]}" y="{icon[1]}">{escape(segment.icon)}</text></g>'
    )


def _label(segment: Segment, place: str) -> str:
    figure = f"<b>{escape(segment.figure)}</b> " if segment.figure else ""
    return (
        f'<button type="button" class="label {place} {segment.state.colour}" data-view="{escape(segment.view)}" '
        f'style="grid-area:{place.replace(" ", "-")}"><span class="name">{escape(segment.title)}</span>'
        f'<span class="state"><span class="icon" aria-hidden="true">{escape(segment.state.icon)}</span>'
        f"{escape(segment.state.word)}</span>"
        f'<span class="figure">{figure}{escape(segment.label)}</span></button>'
    )

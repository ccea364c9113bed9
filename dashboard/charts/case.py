"""A case in event time: one lane each for alerts, decisions, models and post-checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from core.lifecycle.case_story import CaseEvent, Happening
from core.scoping.criterion import Verdict
from dashboard import formats
from dashboard.charts.agreement import figure
from dashboard.charts.event_time import end_on_axis
from dashboard.charts.theme import GREY, Theme, palette
from dashboard.vocabulary import State, state_of

LANES = {"Alerts": (Happening.ALERT,), "Decisions": (Happening.DECISION,)} | {
    "Model": (Happening.TRAINED, Happening.APPROVAL, Happening.PROMOTION),
    "Post-checks": (Happening.POST_CHECK, Happening.DUE),
}
HEIGHT = 132
_WORDS = {Happening.TRAINED: "trained", Happening.APPROVAL: "approved", Happening.PROMOTION: "promoted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The events of a case, oldest first, and what time it is in the project."""

    events: Sequence[CaseEvent]
    now: datetime
    zone: ZoneInfo


def case_timeline(story: Story, theme: Theme) -> go.Figure:
    """Draw the events of a case; what is still to come is hollow, and a dotted line stands at the project's time."""
    told = [(lane, group) for lane, happenings in enumerate(LANES.values()) for group in _groups(story, happenings)]
    now = end_on_axis(story.now, story.zone)
    line = {"color": GREY, "width": 1, "dash": "dot"}
    return go.Figure(
        _points(told, story, theme),
        {
            "shapes": [{"type": "line", "x0": now, "x1": now, "y0": 0, "y1": 1, "yref": "paper", "line": line}],
            "xaxis": {"range": _span(story), "tickformat": "%-d %b\n%Y", "nticks": 10},
            "yaxis": {
                "tickvals": list(range(len(LANES))),
                "ticktext": list(LANES),
                "range": [len(LANES) - 0.5, -0.5],
                "ticksuffix": "  ",
            },
            "hovermode": "closest",
        },
    )


def _groups(story: Story, happenings: Sequence[Happening]) -> list[list[CaseEvent]]:
    """Return what happened in a lane; what happened at one moment is one point."""
    told = [event for event in story.events if event.happening in happenings]
    return [list(group) for _, group in groupby(told, key=lambda event: event.on)]


def _span(story: Story) -> list[datetime]:
    moments = [end_on_axis(event.on, story.zone) for event in story.events]
    first, last = min(moments), max([*moments, end_on_axis(story.now, story.zone)])
    edge = max((last - first) / 8, timedelta(days=1))  # labels stand right of their points
    return [first - edge / 3, last + edge]


def _points(told: Sequence[tuple[int, Sequence[CaseEvent]]], story: Story, theme: Theme) -> go.Scatter:
    events, ink = [group[-1] for _, group in told], palette(theme)
    colours = [ink.status(_state(event).colour) for event in events]
    hollow = [event.happening is Happening.DUE for event in events]
    return go.Scatter(
        x=[end_on_axis(event.on, story.zone) for event in events],
        y=[lane for lane, _ in told],
        mode="markers+text",
        marker={
            "size": 11,
            "color": [ink.paper if empty else colour for empty, colour in zip(hollow, colours, strict=True)],
            "line": {"width": 2, "color": colours},
        },
        text=[f" {_label_of(group, story.zone)} " for _, group in told],
        textposition=["middle left" if _late(event, story) else "middle right" for event in events],
        textfont={"size": 12, "color": ink.ink},
        hovertext=[_hover(group, story.zone) for _, group in told],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )


def _hover(group: Sequence[CaseEvent], zone: ZoneInfo) -> str:
    return "<br>".join([*(_label(one, zone) for one in group), formats.last_day(group[-1].on, zone)])


def _label_of(group: Sequence[CaseEvent], zone: ZoneInfo) -> str:
    if group[0].happening in LANES["Model"]:
        done = ", ".join(dict.fromkeys(_WORDS[one.happening] for one in group))
        return f"{group[0].title} {done}"
    return ", ".join(dict.fromkeys(_label(one, zone) for one in group))


def _late(event: CaseEvent, story: Story) -> bool:
    """Tell whether an event is so near the right edge that its label must stand left of it."""
    first, last = story.events[0].on, max(story.events[-1].on, story.now)
    return (event.on - first) > 0.62 * (last - first)


def _state(event: CaseEvent) -> State:
    if event.verdict is not None:
        return state_of(event.verdict)
    if event.happening is Happening.DECISION:
        return State("decided", "alt_route", "blue")
    if event.happening is Happening.DUE:
        return State("due", "event_upcoming", "blue")
    return state_of(Verdict.MET) if event.happening is Happening.PROMOTION else State("", "", "blue")


def _label(event: CaseEvent, zone: ZoneInfo) -> str:
    match event.happening:
        case Happening.ALERT:
            return event.title
        case Happening.DECISION:
            return state_of(event.state).word if event.state else "decided"
        case Happening.POST_CHECK:
            value = figure(event.criterion, event.estimate).split(" [")[0] if event.criterion else ""
            return f"{value} {_state(event).word}"
        case Happening.DUE:
            return f"due {formats.last_day(event.on, zone)}"
        case _:
            return f"{event.title} {_WORDS.get(event.happening, '')}"

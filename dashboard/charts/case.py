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
from dashboard.charts.theme import GREY, QUIET, Theme, palette
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
    colours = palette(theme)
    drawn = go.Figure()
    for lane, happenings in enumerate(LANES.values()):
        told = [event for event in story.events if event.happening in happenings]
        for _, group in groupby(told, key=lambda event: event.on):
            drawn.add_trace(_point(list(group), lane, story, theme))
    _lanes(drawn, story)
    now = end_on_axis(story.now, story.zone)
    drawn.add_shape(
        type="line", x0=now, x1=now, y0=0, y1=1, yref="paper", line={"color": GREY, "width": 1, "dash": "dot"}
    )
    drawn.update_layout(hovermode="closest")
    drawn.update_yaxes(
        tickvals=list(range(len(LANES))), ticktext=list(LANES), range=[len(LANES) - 0.5, -0.5], ticksuffix="  "
    )
    drawn.update_yaxes(showgrid=True, gridcolor=QUIET, tickfont={"color": colours.muted})
    return drawn


def _lanes(drawn: go.Figure, story: Story) -> None:
    moments = [end_on_axis(event.on, story.zone) for event in story.events]
    first, last = min(moments), max([*moments, end_on_axis(story.now, story.zone)])
    edge = max((last - first) / 8, timedelta(days=1))  # labels stand right of their points
    drawn.update_xaxes(range=[first - edge / 3, last + edge], tickformat="%-d %b\n%Y", nticks=10)


def _point(group: Sequence[CaseEvent], lane: int, story: Story, theme: Theme) -> go.Scatter:
    event, colours = group[-1], palette(theme)
    colour = colours.status(_state(event).colour)
    hollow = event.happening is Happening.DUE
    return go.Scatter(
        x=[end_on_axis(event.on, story.zone)],
        y=[lane],
        mode="markers+text",
        marker={
            "size": 11,
            "color": colours.paper if hollow else colour,
            "line": {"width": 2, "color": colour},
        },
        text=[f" {_label_of(group, story.zone)} "],
        textposition="middle left" if _late(event, story) else "middle right",
        textfont={"size": 12, "color": colours.ink},
        hovertext="<br>".join(_label(one, story.zone) for one in group)
        + f"<br>{formats.last_day(event.on, story.zone)}",
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )


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

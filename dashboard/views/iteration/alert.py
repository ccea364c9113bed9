"""Alert: what was raised, and why?"""

import polars as pl
import streamlit as st

from core.errors import NotFound
from core.lifecycle.life import Life
from core.lifecycle.verdicts import histories
from core.monitoring.window import Alert, AlertState
from core.scoping.criterion import Criterion
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, resampled, shown, title
from dashboard.charts.performance import Course, Line, Mark, criterion_over_windows
from dashboard.components.alert_acts import alert_acts
from dashboard.components.alert_routes import messages
from dashboard.components.chart import chart
from dashboard.components.chip import chip, link
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.people import who
from dashboard.vocabulary import ALERT_KINDS, MUTED, State, state_of


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    alert = next((a for a in life.alerts if a.id == session.record_id()), None)
    criterion = life.criterion(alert.criterion_id) if alert else None
    if alert is None or criterion is None:
        raise NotFound.record("alert", session.record_id())
    waits = alert.waits_for_a_case
    primary = (
        Primary(label="Open case", icon="create_new_folder", key="alert-open", help=term("Case")) if waits else None
    )
    name = ALERT_KINDS.get(alert.kind, f"Alert on {criterion.key}")
    if page_header(
        name, _sentence(life, alert, criterion), project=project, primary=primary, chips=_states(life, alert)
    ):
        case = session.workspace().iteration.open_case(alert.id)
        session.workspace().iteration.ask_backtest(case.id)
        session.go("cases", id=case.id)
    _links(life, alert, criterion)
    alert_acts(alert, now=life.now, zone=project.zone)
    _remarks(life, alert)
    messages(life, alert.id)
    _chart(life, alert, criterion)


def _states(life: Life, alert: Alert) -> tuple[State, ...]:
    muted = (MUTED,) if alert.muted(life.now) else ()
    return (_state(life, alert), *muted)


def _state(life: Life, alert: Alert) -> State:
    state, case = state_of(alert.state), life.case(alert.case_id)
    if alert.state is AlertState.IN_CASE and case is not None:
        return state.saying(f"in case {case.number}")
    return state.saying(f"closed: {alert.closed_reason}") if alert.closed_reason else state


def _sentence(life: Life, alert: Alert, criterion: Criterion) -> str:
    window, zone = life.window(alert.window_id), life.project.zone
    days = f" on {formats.window(window, zone)}" if window else ""
    case = life.case(alert.case_id)
    closed = f"Closed on {formats.last_day(alert.closed_on, zone)}." if alert.state is AlertState.CLOSED else ""
    if alert.kind in ALERT_KINDS:
        ends, key = formats.last_day(alert.onset, zone), criterion.key
        what = ALERT_KINDS[alert.kind].lower()
        said = f"**{what.capitalize()}** came in the window to {ends}, so {key} could not be measured"
        return f"{said}. {closed}" if closed else f"{said}: look at the source."
    if closed:
        after = closed
    elif case is not None:
        after = f"It is dealt with in case {case.number}."
    else:
        after = "Open a case, or say that none is needed."
    said = f"{formats.escape(title(criterion))} **{figure(criterion, alert.estimate)}**{days}"
    return f"{said}, agreed {agreed(criterion)}: **not met**. {after}"


def _links(life: Life, alert: Alert, criterion: Criterion) -> None:
    case, version, window = life.case(alert.case_id), life.version(alert.model_version_id), life.window(alert.window_id)
    with st.container(horizontal=True, vertical_alignment="center", key="alert-links"):
        if case is not None:
            chip(state_of(case.state), "cases", label=f"Case {case.number}", id=case.id)
        if window is not None:
            link("The window", "window", icon="date_range", id=window.id)
        link(f"{criterion.key} now", "performance", icon="monitoring", criterion=criterion.id)
        link("The criterion", "criterion", icon="flag", id=criterion.id)
        if version is not None:
            link(version.title, "model_version", icon="deployed_code", id=version.id)
        link("Thread", "thread", icon="timeline", criterion=criterion.id)


def _remarks(life: Life, alert: Alert) -> None:
    """Say who sees to the alert, until when it is muted and why, and what was noted when it was closed."""
    said: list[str] = []
    if alert.owner:
        mine = alert.owner == session.workspace().actor.id
        said.append(f":material/person: {'You see' if mine else f'{who(alert.owner)} sees'} to it.")
    if alert.muted(life.now) and alert.muted_until:
        until = formats.last_day(alert.muted_until, life.project.zone)
        said.append(f":material/notifications_off: Muted to {until}: {formats.escape(alert.mute_reason)}")
    if alert.note:
        said.append(f":material/edit_note: {formats.escape(alert.note)}")
    if said:
        st.markdown("  \n".join(said))


def _chart(life: Life, alert: Alert, criterion: Criterion) -> None:
    zone, numbers = life.project.zone, {version.id: place for place, version in enumerate(life.versions)}
    lines = [
        Line(
            name=version.title if (version := life.version(h.version_id)) else "a version",
            champion=True,
            series=numbers.get(h.version_id, 0),
            points=h.points,
        )
        for h in histories(life, criterion)
        if h.champion
    ]
    mark = Mark(on=alert.onset, name=f"alert, {formats.last_day(alert.onset, zone)}")
    chart(
        criterion_over_windows(Course(criterion=criterion, zone=zone, lines=lines, marks=(mark,)), session.theme()),
        key="alert-chart",
        alt=f"{title(criterion)} over the windows of production, with the onset of the alert",
        rows=_points(life, criterion, lines),
        method=_METHOD.format(resampled=resampled(criterion.block)),
        height=300,
        legend=True,
    )


def _points(life: Life, criterion: Criterion, lines: list[Line]) -> pl.DataFrame:
    zone = life.project.zone
    return pl.DataFrame(
        [
            {
                "window": formats.window(window, zone),
                "version": line.name,
                title(criterion): figure(criterion, judgement.estimate),
                "verdict": shown(criterion, judgement.verdict).word,
            }
            for line in lines
            for window, judgement in line.points
        ]
    )


_METHOD = """
An alert is raised when the whole 95 % interval of a window lies on the wrong side of what was agreed, for a criterion
that is a gate. There is one alert an onset: while it is open, further windows raise none. Behind the interval
{resampled}.
"""

"""What a person does with an alert beside a case: look at it, take it, mute it for a time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.errors import FullcircleError
from core.monitoring.calendar import end_of_day
from core.monitoring.window import Alert, AlertState
from dashboard import formats, session
from dashboard.components.empty import problem
from dashboard.components.no_case import no_case_needed
from dashboard.components.undo import offer_undo

_USUAL = timedelta(days=13)  # two weeks, today counted


def alert_acts(alert: Alert, *, now: datetime, zone: ZoneInfo) -> None:
    """Show the acts on an open alert, as one row of quiet buttons."""
    if alert.state is AlertState.CLOSED:
        return
    alerts = session.workspace().alerts
    with st.container(horizontal=True, vertical_alignment="center", key="alert-acts"):
        if alert.state is AlertState.NEW:
            _act("Seen", "visibility", "seen", lambda: alerts.see(alert.id))
        if alert.owner == session.workspace().actor.id:
            _act("Let go", "person_remove", "leave", lambda: alerts.leave(alert.id))
        else:
            _act("Take it", "person_add", "take", lambda: alerts.take(alert.id))
        if alert.muted(now):
            _act("Unmute", "notifications", "unmute", lambda: _unmute(alert))
        else:
            with st.popover("Mute", icon=":material/notifications_off:", type="tertiary", key="alert-mute"):
                _mute(alert, now.astimezone(zone).date(), zone)
        if alert.state is not AlertState.IN_CASE:
            no_case_needed(alert, key="alert")


def _act(label: str, icon: str, name: str, act: Callable[[], Any]) -> None:
    st.button(label, icon=f":material/{icon}:", type="tertiary", key=f"alert-{name}", on_click=act)


def _unmute(alert: Alert) -> None:
    alerts, until, reason = session.workspace().alerts, alert.muted_until, alert.mute_reason
    alerts.unmute(alert.id)
    if until is not None:
        offer_undo("The alert is heard again.", lambda: alerts.mute(alert.id, until=until, reason=reason))


def _mute(alert: Alert, today: date, zone: ZoneInfo) -> None:
    st.markdown("It sends nothing and waits on nobody until then. Its state stays as it is, and so does the gate.")
    last = st.date_input("Muted to the end of", value=today + _USUAL, min_value=today, key="alert-mute-until")
    reason = st.text_input("Why", key="alert-mute-reason", placeholder="For example: strike of the controllers")
    pressed = st.button("Mute the alert", key="alert-mute-go", disabled=not reason.strip())
    if not pressed:
        return
    alerts = session.workspace().alerts
    try:
        alerts.mute(alert.id, until=end_of_day(last, zone), reason=reason)
    except FullcircleError as error:
        problem(str(error))
        return
    offer_undo(f"The alert is muted to {formats.day(last)}.", lambda: alerts.unmute(alert.id))
    st.rerun()

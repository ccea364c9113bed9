"""Acts on alerts: look at one, take it, mute it for a time, close it with a reason."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from core.errors import Conflict, InvalidInput
from core.monitoring.window import Alert, AlertState, CloseReason
from core.workspace.act import Act, Desk

LONGEST_NOTE = 2_000


class Alerts:
    """The alerts of projects: what people do with them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def see(self, alert_id: str) -> Alert:
        """Say that somebody has looked at an alert. One that is further already stays as it is."""
        with self._desk.act(self._project_of(alert_id)) as act:
            alert = act.records.get(Alert, alert_id)
            if alert.state is not AlertState.NEW:
                return alert
            return _entered(act, replace(alert, state=AlertState.SEEN), "alert.seen")

    def take(self, alert_id: str) -> Alert:
        """Make the acting person the owner of an alert.

        Raises
        ------
        Conflict
            The alert is closed.
        """
        with self._desk.act(self._project_of(alert_id)) as act:
            alert = _open(act, alert_id)
            return _entered(act, replace(alert, owner=act.actor.id), "alert.taken", before=alert.owner or "")

    def leave(self, alert_id: str) -> Alert:
        """Take the owner's name off an alert.

        Raises
        ------
        Conflict
            The alert is closed.
        """
        with self._desk.act(self._project_of(alert_id)) as act:
            alert = _open(act, alert_id)
            return _entered(act, replace(alert, owner=None), "alert.left", before=alert.owner or "")

    def mute(self, alert_id: str, *, until: datetime, reason: str) -> Alert:
        """Mute an alert until an event time: it sends nothing and waits on nobody; its state stays, and the gate.

        Raises
        ------
        InvalidInput
            There is no reason, or the end is not ahead.
        Conflict
            The alert is closed.
        """
        said = _note(reason)
        if not said:
            raise InvalidInput("Say in a sentence why it is muted: whoever looks for it will want to know.")
        with self._desk.act(self._project_of(alert_id)) as act:
            if until <= act.on:
                raise InvalidInput("An alert is muted until a day that is still ahead. Choose a later one.")
            alert = replace(_open(act, alert_id), muted_until=until, mute_reason=said)
            return _entered(act, alert, "alert.muted", reason=said, until=until.isoformat())

    def unmute(self, alert_id: str) -> Alert:
        """Let a muted alert be heard again.

        Raises
        ------
        Conflict
            The alert is closed.
        """
        with self._desk.act(self._project_of(alert_id)) as act:
            alert = replace(_open(act, alert_id), muted_until=None, mute_reason="")
            return _entered(act, alert, "alert.unmuted")

    def close(self, alert_id: str, reason: CloseReason, note: str = "") -> Alert:
        """Close an alert that needs no case.

        Raises
        ------
        Conflict
            The alert is closed, or is dealt with in a case.
        InvalidInput
            The note is too long.
        """
        with self._desk.act(self._project_of(alert_id)) as act:
            alert = _open(act, alert_id)
            if alert.state is AlertState.IN_CASE:
                raise Conflict("This alert is dealt with in a case and closes with it. Open the case to go on.")
            closed = replace(
                alert, state=AlertState.CLOSED, closed_reason=reason.value, note=_note(note), closed_on=act.on
            )
            return _entered(act, closed, "alert.closed", reason=reason.value, note=closed.note)

    def _project_of(self, alert_id: str) -> str:
        return self._desk.one(Alert, alert_id).project_id


def _open(act: Act, alert_id: str) -> Alert:
    alert = act.records.get(Alert, alert_id)
    if alert.state is AlertState.CLOSED:
        raise Conflict("This alert is closed already. Nothing more happens to it.")
    return alert


def _entered(act: Act, alert: Alert, kind: str, **body: Any) -> Alert:
    act.records.replace(alert)
    act.enter(kind, alert, **body)
    return alert


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise InvalidInput(f"A note may have {LONGEST_NOTE:,} characters; this one has {len(text):,}. Shorten it.")
    return text.strip()

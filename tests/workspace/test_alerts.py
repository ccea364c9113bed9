"""What people do with an alert: take it, mute it for a time, close it; the ledger tells it, a viewer may not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict, InvalidInput, NotPermitted
from core.ids import new_id
from core.lifecycle.standing import waiting
from core.monitoring.window import Alert, AlertState, CloseReason
from core.people.actor import Actor, Role
from core.scoping.criterion import Criterion
from core.settings import Settings
from core.statistics.estimate import Estimate, Interval
from core.workspace.workspace import Workspace

CLOCK = datetime(2013, 5, 1, 4, tzinfo=UTC)
LOW = Estimate(value=0.1, interval=Interval(lower=0.05, upper=0.2), n=100, n_blocks=14)


@pytest.fixture
def workspace(either: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either)
    yield opened
    opened.close()


@pytest.fixture
def alert(workspace: Workspace) -> Alert:
    project = workspace.projects.begin("Flights", time_zone="America/New_York", clock=CLOCK)
    draft = Criterion(
        id="", project_id="", key="", metric="recall", parameters={}, direction=">=", threshold=0.3, created_at=CLOCK
    )
    criterion = workspace.scoping.agree(project.id, [draft])[0]
    workspace.scoping.sign_criterion(criterion.id)
    raised = Alert(
        id=new_id(),
        project_id=project.id,
        criterion_id=criterion.id,
        window_id="w",
        model_version_id="m",
        onset=CLOCK,
        estimate=LOW,
        created_at=CLOCK,
    )
    with workspace._storage.write() as records:
        records.add(raised)
    return raised


def titles(workspace: Workspace, alert: Alert) -> list[str]:
    return [step.title for step in waiting(workspace.thread.life(alert.project_id))]


def test_a_muted_alert_waits_on_nobody_until_its_end_and_keeps_its_state(workspace: Workspace, alert: Alert):
    end = CLOCK + timedelta(days=14)
    assert "Look at the alert on K1" in titles(workspace, alert)
    muted = workspace.alerts.mute(alert.id, until=end, reason=" A strike. ")
    assert (muted.state, muted.mute_reason, muted.muted_until) == (AlertState.NEW, "A strike.", end)
    assert "Look at the alert on K1" not in titles(workspace, alert)
    workspace.projects.set_clock(alert.project_id, end)
    assert "Look at the alert on K1" in titles(workspace, alert)


def test_unmuting_takes_the_mute_back(workspace: Workspace, alert: Alert):
    workspace.alerts.mute(alert.id, until=CLOCK + timedelta(days=14), reason="A strike.")
    assert workspace.alerts.unmute(alert.id) == alert


@pytest.mark.parametrize(("days", "reason", "sentence"), [(14, " ", "why it is muted"), (0, "Why not", "still ahead")])
def test_a_mute_needs_a_reason_and_an_end_ahead(workspace: Workspace, alert: Alert, days: int, reason: str, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        workspace.alerts.mute(alert.id, until=CLOCK + timedelta(days=days), reason=reason)
    assert workspace.thread.life(alert.project_id).alerts == (alert,)


def test_closing_keeps_reason_note_and_day_and_is_final(workspace: Workspace, alert: Alert):
    closed = workspace.alerts.close(alert.id, CloseReason.FALSE, "The labels of a week were lost.")
    assert (closed.state, closed.closed_reason, closed.note, closed.closed_on) == (
        AlertState.CLOSED,
        "false",
        "The labels of a week were lost.",
        CLOCK,
    )
    with pytest.raises(Conflict, match="closed already"):
        workspace.alerts.take(alert.id)


def test_an_alert_of_a_case_is_not_closed_beside_it(workspace: Workspace, alert: Alert):
    workspace.iteration.open_case(alert.id)
    with pytest.raises(Conflict, match="dealt with in a case"):
        workspace.alerts.close(alert.id, CloseReason.REAL)


def test_the_ledger_tells_who_did_what(workspace: Workspace, alert: Alert):
    workspace.alerts.take(alert.id)
    workspace.alerts.mute(alert.id, until=CLOCK + timedelta(days=1), reason="A strike.")
    workspace.alerts.leave(alert.id)
    events = [e for e in workspace.thread.ledger(alert.project_id) if e.subject_id == alert.id]
    assert [event.kind for event in events] == ["alert.taken", "alert.muted", "alert.left"]
    assert {event.actor for event in events} == {workspace.actor.id}
    assert events[1].body["reason"] == "A strike."


ACTS: dict[str, Callable[[Workspace, str], object]] = {
    "see": lambda w, a: w.alerts.see(a),
    "take": lambda w, a: w.alerts.take(a),
    "leave": lambda w, a: w.alerts.leave(a),
    "mute": lambda w, a: w.alerts.mute(a, until=CLOCK + timedelta(days=1), reason="A strike."),
    "unmute": lambda w, a: w.alerts.unmute(a),
    "close": lambda w, a: w.alerts.close(a, CloseReason.FALSE),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_viewer_does_none_of_it(workspace: Workspace, alert: Alert, act: str):
    viewer = Workspace.open(workspace.settings, Actor(id="eve", name="Eve", role=Role.VIEWER))
    with pytest.raises(NotPermitted, match="Eve is a viewer"):
        ACTS[act](viewer, alert.id)
    viewer.close()
    assert workspace.thread.life(alert.project_id).alerts == (alert,)

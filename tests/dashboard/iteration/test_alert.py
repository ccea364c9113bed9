import pytest

from core.errors import Conflict
from core.jobs.replaying import measure
from core.lifecycle.thread import thread
from core.monitoring.calendar import window_ends
from core.monitoring.routing import DeliveryState
from core.monitoring.window import AlertKind, AlertState, CloseReason
from core.workspace.routing import announce
from tests.dashboard.stages import primary, text
from tests.small_projects import Small, replayed


def test_an_alert_says_figure_agreement_and_window(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    said = text(app)
    assert "on 20 Apr to 3 May 2024, agreed at least 0.500: **not met**" in said
    assert primary(app) == "Open case"


def test_seen_is_recorded_and_still_waits_for_a_case(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    app.button(key="alert-seen").click().run()
    assert stage.life.alerts[0].state is AlertState.SEEN
    assert primary(app) == "Open case"


def test_an_alert_in_a_case_names_it(at):
    stage = at("opened")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    assert "in case 1" in text(app)
    assert primary(app) is None


def test_the_owner_is_named_and_may_let_go(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    app.button(key="alert-take").click().run()
    assert "You see to it" in text(app)
    app.button(key="alert-leave").click().run()
    assert stage.life.alerts[0].owner is None


def test_a_mute_asks_why_and_is_taken_back(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    assert app.button(key="alert-mute-go").disabled
    app.text_input(key="alert-mute-reason").input("The thermometer was moved.").run()
    app.button(key="alert-mute-go").click().run()
    muted = stage.life.alerts[0]
    assert muted.mute_reason == "The thermometer was moved."
    assert muted.muted(stage.life.now)
    assert "Muted to" in text(app)
    app.button(key="undo-button").click().run()
    assert not stage.life.alerts[0].muted(stage.life.now)


def test_a_false_alarm_is_closed_with_a_note(at):
    stage = at("failing")
    app = stage.open("alert", id=stage.life.alerts[0].id)
    app.radio(key="alert-reason").set_value(CloseReason.FALSE).run()
    app.text_area(key="alert-note").input("Half of the labels were lost.").run()
    app.button(key="alert-close").click().run()
    assert stage.life.alerts[0].closed_reason == "false"
    assert "closed: false" in text(app)
    assert "Half of the labels were lost" in text(app)


def test_where_alerts_go_is_said_tried_and_a_failure_is_told_on_the_alerts_page(at):
    stage = at("failing")
    app = stage.open("cases")
    assert "Alerts are sent nowhere yet" in text(app)
    assert f"closed as false 0 of {len(stage.life.alerts)} alert" in text(app)
    app.text_input(key="routes-emails").input("ada")
    app.button(key="routes-save").click().run()
    assert "is no e-mail address" in text(app).replace("\\", "")
    app.text_input(key="routes-emails").input("ada@example.com")
    app.button(key="routes-save").click().run()
    assert "Alerts are sent by e-mail" in text(app).replace("\\", "")
    app.button(key="routes-test").click().run()
    assert [job.kind for job in stage.workspace.jobs.running()] == ["send_alert"]
    alert = stage.life.alerts[0]
    with stage.workspace.routing._desk.act(alert.project_id) as act:
        announce(act, alert)
    (delivery,) = stage.life.deliveries_of(alert.id)
    stage.workspace.routing.settle(delivery.id, DeliveryState.FAILED, "The mail server sleeps.")
    app = stage.open("alert", id=alert.id)
    assert "The mail server sleeps" in text(app)
    app.button(key="send-again-email").click().run()
    assert stage.life.deliveries_of(alert.id)[0].state is DeliveryState.WAITING


def test_a_window_without_predictions_is_an_alert_that_closes_when_they_come(at):
    stage = at("serving")
    workspace, project = stage.workspace, stage.life.project
    source = workspace.replays.source(project.id)
    ends = window_ends(source.window_anchor, 7, project.zone)
    silent = next(end for end in ends if end > source.position)
    workspace.replays.advance(project.id, silent)
    measure(workspace, project.id, silent)
    measure(workspace, project.id, silent)
    (alert,) = stage.life.alerts
    assert (alert.kind, alert.onset, alert.estimate) == (AlertKind.NO_PREDICTIONS, silent, None)
    app = stage.open("alert", id=alert.id)
    assert "**No predictions** came in the window to" in text(app)
    assert primary(app) is None
    assert "No predictions" in str(stage.open("cases").dataframe[0].value.to_numpy().tolist())
    with pytest.raises(Conflict, match="closes by itself"):
        workspace.iteration.open_case(alert.id)
    replayed(Small(workspace, project), next(ends))
    closed = next(a for a in stage.life.alerts if a.id == alert.id)
    assert (closed.state, closed.closed_reason) == (AlertState.CLOSED, "heard again")
    assert "could not be measured. Closed on" in text(stage.open("alert", id=alert.id))
    about = stage.life.criterion(alert.criterion_id)
    assert about is not None
    assert f"Alert on {about.key}: no predictions" in [step.title for step in thread(stage.life, about)]

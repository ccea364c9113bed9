from dataclasses import replace

from core.deployment.model_version import ApprovalState
from tests.dashboard.stages import primary, text
from tests.small_projects import carry_out


def test_nothing_registered_leads_to_the_runs(at):
    app = at("trained").open("release")
    assert "Nothing is registered yet" in text(app)
    assert primary(app) == "Choose a run to register"


def test_an_open_gate_waits_for_approval(at):
    app = at("registered").open("release")
    said = text(app)
    assert "gate **open**" in said
    assert "Waits for **approval**" in said
    assert "Parity" in said
    assert primary(app) == "Approve"


def test_an_approved_version_is_deployed_next_and_was_self_approved(at):
    stage = at("registered")
    stage.workspace.deployment.approve(stage.life.versions[0].id, reason="It will do.")
    app = stage.open("release")
    said = text(app)
    assert "Self-approved by you" in said
    assert "It will do" in said
    assert primary(app) == "Deploy"


def test_a_refused_version_can_still_be_approved(at):
    stage = at("registered")
    refused = stage.workspace.deployment.refuse(stage.life.versions[0].id, "Too few days.")
    assert refused.state is ApprovalState.REFUSED
    app = stage.open("release")
    assert "**Refused by you" in text(app)
    assert primary(app) == "Approve"


def test_what_serves_needs_no_act(at):
    app = at("serving").open("release")
    assert "it is **serving**" in text(app)
    assert primary(app) is None


def test_a_criterion_signed_anew_makes_the_gate_void_and_it_is_judged_again(at):
    stage = at("registered")
    criterion = stage.life.criteria_in_force[0]
    _agree_anew(stage, criterion, threshold=criterion.threshold - 0.01)
    app = stage.open("release")
    assert "**void**" in text(app)
    assert primary(app) == "Judge again"
    app.button(key="release-act").click().run()
    assert "gate **open**" in text(app)
    assert primary(app) == "Approve"


def test_a_closed_gate_says_why_and_what_to_do(at):
    stage = at("registered")
    _agree_anew(stage, stage.life.criteria_in_force[0], threshold=0.9999)
    stage.workspace.deployment.judge_gate(stage.life.versions[0].id)
    app = stage.open("release")
    said = text(app)
    assert "gate **closed**" in said
    assert "agreed at least 1.000" in said
    assert "**train another run**" in said
    assert primary(app) == "Train another run"


def test_a_challenger_is_promoted_and_the_address_names_the_version(at):
    stage = at("serving")
    boosting = next(run for run in stage.life.runs if run.recipe == "boosting")
    carry_out(stage.workspace, stage.workspace.deployment.register(boosting.id, "late"))
    challenger = stage.life.versions[-1]
    assert f"{challenger.title}: gate" in text(stage.open("release"))
    stage.workspace.deployment.approve(challenger.id, reason="Better.")
    app = stage.open("release")
    assert "**promote** it in the place of late 1" in text(app)
    assert primary(app) == "Promote"
    assert "late 1: gate" in text(stage.open("release", id=stage.life.versions[0].id))


def _agree_anew(stage, criterion, *, threshold):
    scoping = stage.workspace.scoping
    changed = scoping.change(criterion.id, replace(criterion, threshold=threshold))
    scoping.sign_criterion(changed.id)

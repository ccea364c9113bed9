"""Only what is signed judges: a draft moves nothing, a newer signature voids the gate."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.deployment.model_version import GateState
from core.errors import Conflict
from core.settings import Settings
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, carry_out, guessed, sklearn_csv, trained


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder: Path = tmp_path_factory.mktemp("agreement")
    csv = sklearn_csv("breast_cancer", folder)
    small = trained(begun(Workspace.open(Settings(home=folder / "home")), csv, guessed(csv)), ("logistic",))
    carry_out(small.workspace, small.workspace.deployment.register(small.life.runs[0].id, "small"))
    return small


def test_a_draft_judges_nothing_and_a_signature_voids_the_gate(small: Small):
    workspace = small.workspace
    first = workspace.scoping.agreed(small.project.id)[0]
    draft = workspace.scoping.change(first.id, replace(first, threshold=first.threshold / 2))
    assert workspace.scoping.agreed(small.project.id)[0] == replace(first, superseded=True)
    version = small.life.versions[0]
    gate = workspace.deployment.judge_gate(version.id)
    assert first.content_hash in {line.criterion_hash for line in gate.lines}

    signed = workspace.scoping.sign_criterion(draft.id)
    assert small.life.gate_state(gate) is GateState.VOID
    with pytest.raises(Conflict, match="signed anew"):
        workspace.deployment.approve(version.id, reason="It is good.")

    again = workspace.deployment.judge_gate(version.id)
    assert signed.content_hash in {line.criterion_hash for line in again.lines}
    approval = workspace.deployment.approve(version.id, reason="It is good.")
    assert (signed.id, signed.content_hash) in approval.criteria


def test_nothing_is_approved_by_criteria_that_nobody_signed(settings: Settings, tmp_path: Path):
    csv = sklearn_csv("wine", tmp_path)
    small = begun(Workspace.open(settings), csv, guessed(csv))
    workspace, project = small.workspace, small.project
    workspace.data.accept(small.life.datasets[0].id)
    _, job = workspace.modelling.train(
        project.id, TrainingOrder(dataset_id=small.life.datasets[0].id, recipes=["logistic"])
    )
    carry_out(workspace, job)
    carry_out(workspace, workspace.deployment.register(small.life.runs[0].id, "wine"))
    with pytest.raises(Conflict, match="not signed yet"):
        workspace.deployment.approve(small.life.versions[0].id, reason="It is good.")

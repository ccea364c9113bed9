"""A project from its file to its deployment by the acts, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.deployment.model_version import ApprovalState, GateState
from core.lifecycle.standing import next_step
from core.scoping.criterion import Verdict
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import begun, guessed, serving, sklearn_csv, trained


@pytest.fixture
def workspace(either: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either)
    yield opened
    opened.close()


def test_from_a_file_to_service(workspace: Workspace, tmp_path: Path):
    csv = sklearn_csv("breast_cancer", tmp_path)
    small = begun(workspace, csv, guessed(csv))
    assert next_step(small.life).title.startswith("Accept")
    trained(small, ("majority", "logistic"))
    serving(small, "logistic")
    life = small.life
    assert life.champion is not None
    gate, approval = life.gate(life.champion.id), life.approval(life.champion.id)
    assert gate is not None
    assert approval is not None
    assert gate.state is GateState.OPEN
    assert {line.verdict for line in gate.lines} <= {Verdict.MET, Verdict.UNDECIDED}
    assert approval.state is ApprovalState.SELF_APPROVED
    assert dict(approval.criteria) == {c.id: c.content_hash for c in life.criteria_in_force}
    assert workspace.thread.broken_at(small.project.id) is None
    plan = workspace.settings.serving / f"{small.project.slug}.json"
    assert life.champion.artifact in plan.read_text()

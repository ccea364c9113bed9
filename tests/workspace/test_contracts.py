"""A contract is drafted, accepted, holds later files, and is widened; nothing else decides on it."""

from pathlib import Path

import pytest

from core.data.contract.change import changes
from core.data.contract.contract import Contract, Rule
from core.data.contract.version import ContractState, ContractVersion
from core.data.dataset import DatasetState, DatasetVersion
from core.errors import Conflict, InvalidInput, NotPermitted, UnreadableFile
from core.people.actor import LOCAL_USER, Actor, Role
from core.scoping.project import Project
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import carry_out


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Trains")


def dropped(
    workspace: Workspace, project: Project, folder: Path, *, kind: str = "ab", rows: int = 200
) -> DatasetVersion:
    path = folder / f"trains-{kind}.csv"
    path.write_text("id,kind,delay\n" + "".join(f"{n},{kind[n % len(kind)]},{n % 50}\n" for n in range(rows)))
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


@pytest.fixture
def agreed(workspace: Workspace, project: Project, tmp_path: Path) -> ContractVersion:
    first = dropped(workspace, project, tmp_path)
    workspace.data.accept(first.id)
    return workspace.contracts.accept(workspace.contracts.infer(first.id).id, "As the first file was.")


def broken(version: DatasetVersion) -> list[str]:
    return [f.check for f in version.findings if f.check.startswith("contract.") and f.status == "failed"]


def test_a_contract_is_drafted_edited_and_accepted(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    first = dropped(workspace, project, tmp_path)
    assert not any(f.check.startswith("contract.") for f in first.findings)
    draft = workspace.contracts.infer(first.id)
    assert (draft.number, draft.state, draft.origin) == (1, ContractState.DRAFT, "inferred from v1")
    assert workspace.contracts.in_force(project.id) is None
    with pytest.raises(Conflict, match="being written already"):
        workspace.contracts.infer(first.id)
    fewer = Contract(name="trains", rules=draft.contract.rules[:-1])
    saved = workspace.contracts.write(draft.id, fewer, seen_edit=0)
    assert saved.edit == 1
    with pytest.raises(Conflict, match="while you wrote"):
        workspace.contracts.write(draft.id, fewer, seen_edit=0)
    with pytest.raises(Conflict, match="while you wrote"):
        workspace.contracts.accept(draft.id, seen_edit=0)
    accepted = workspace.contracts.accept(draft.id, "Agreed on Monday.", seen_edit=1)
    assert workspace.contracts.in_force(project.id) == accepted
    assert (accepted.decided_by, accepted.note) == (LOCAL_USER.id, "Agreed on Monday.")
    assert accepted.decided_at is not None
    assert accepted.contract == fewer
    event = workspace.thread.ledger(project.id)[-1]
    assert (event.kind, event.subject_id, event.body["rules"]) == ("contract.accepted", draft.id, len(fewer.rules))
    with pytest.raises(Conflict, match="no draft any more"):
        workspace.contracts.accept(draft.id)
    # the file that still waits is judged by it from now on
    assert any(f.check.startswith("contract.") for f in workspace.data.get(first.id).findings)
    assert workspace.thread.life(project.id).contract == accepted


def test_a_later_file_that_breaks_it_is_accepted_only_with_a_reason(
    workspace: Workspace, project: Project, agreed: ContractVersion, tmp_path: Path
) -> None:
    second = dropped(workspace, project, tmp_path, kind="abx")
    assert broken(second) == ["contract.enumeration"]
    with pytest.raises(InvalidInput, match="breaks 1 rule of the contract"):
        workspace.data.accept(second.id, " ")
    assert workspace.data.accept(second.id, "The new kind is right.").state is DatasetState.ACCEPTED
    third = dropped(workspace, project, tmp_path, kind="aby")
    assert workspace.data.reject(third.id).state is DatasetState.REJECTED


def test_a_rule_is_widened_in_one_act(
    workspace: Workspace, project: Project, agreed: ContractVersion, tmp_path: Path
) -> None:
    second = dropped(workspace, project, tmp_path, kind="abx")
    (judged,) = [one for one in workspace.contracts.judged(second, agreed.contract) if not one.kept]
    rows = workspace.contracts.broken_rows(second, agreed.contract, judged.rule)
    assert rows.columns == ["row", "id", "kind", "delay"]
    assert rows["kind"].unique().to_list() == ["x"]
    assert rows.height == judged.broken == 66
    assert rows["row"][0] == 3
    wider = workspace.contracts.widen(second.id, judged, seen=agreed.id)
    (change,) = changes(agreed.contract, wider.contract)
    assert (change.before, change.breaking) == (judged.rule, False)
    assert (wider.number, wider.state, wider.origin) == (2, ContractState.ACCEPTED, "widened for v2: enumeration: kind")
    assert [v.state for v in workspace.contracts.versions(project.id)] == ["superseded", "accepted"]
    # the version that waits keeps it now, and can be accepted without more words
    assert broken(workspace.data.get(second.id)) == []
    assert workspace.data.accept(second.id).state is DatasetState.ACCEPTED
    with pytest.raises(Conflict, match="Another contract is in force"):
        workspace.contracts.widen(second.id, judged, seen=agreed.id)


def test_a_draft_can_be_put_away_and_begun_from_the_contract_in_force(
    workspace: Workspace, project: Project, agreed: ContractVersion
) -> None:
    draft = workspace.contracts.revise(project.id)
    assert (draft.number, draft.contract) == (2, agreed.contract)
    workspace.contracts.discard(draft.id)
    assert workspace.contracts.in_force(project.id) == agreed
    again = workspace.contracts.revise(project.id)
    empty = workspace.contracts.write(again.id, Contract(name="trains"), seen_edit=0)
    with pytest.raises(InvalidInput, match="no rule"):
        workspace.contracts.accept(empty.id)


def test_a_contract_goes_out_and_comes_back(workspace: Workspace, project: Project, agreed: ContractVersion) -> None:
    text = workspace.contracts.export(agreed)
    imported = workspace.contracts.import_file(project.id, text.encode(), name="trains.yaml")
    assert imported.left_out == ()
    assert changes(agreed.contract, imported.draft.contract) == ()
    assert imported.draft.origin == "imported from trains.yaml (ODCS)"
    with pytest.raises(UnreadableFile):
        workspace.contracts.import_file(project.id, b"?", name="x")


def test_without_a_contract_there_is_nothing_to_revise_and_no_table_nothing_to_infer_from(
    workspace: Workspace, project: Project
) -> None:
    with pytest.raises(Conflict, match="no contract yet"):
        workspace.contracts.revise(project.id)
    with pytest.raises(Conflict, match="no table yet"):
        workspace.contracts.infer(workspace.data.open_version(project.id, "a.csv").id)


def test_a_contributor_drafts_and_an_approver_accepts(
    settings: Settings, workspace: Workspace, project: Project, agreed: ContractVersion, tmp_path: Path
) -> None:
    second = dropped(workspace, project, tmp_path, kind="abx")
    (judged,) = [one for one in workspace.contracts.judged(second, agreed.contract) if not one.kept]
    contributor = Workspace.open(settings, Actor(id="bob", name="Bob", role=Role.CONTRIBUTOR))
    draft = contributor.contracts.revise(project.id)
    for refused in (
        lambda: contributor.contracts.accept(draft.id),
        lambda: contributor.contracts.widen(second.id, judged, seen=agreed.id),
    ):
        with pytest.raises(NotPermitted, match="may not approve"):
            refused()
    viewer = Workspace.open(settings, Actor(id="eve", name="Eve", role=Role.VIEWER))
    rule = Rule(kind="present", column="a")
    for refused in (
        lambda: viewer.contracts.write(draft.id, Contract(name="x", rules=(rule,)), seen_edit=0),
        lambda: viewer.contracts.discard(draft.id),
        lambda: viewer.contracts.propose(project.id, Contract(name="x"), origin=""),
    ):
        with pytest.raises(NotPermitted, match="Eve is a viewer"):
            refused()
    assert viewer.contracts.in_force(project.id) == agreed

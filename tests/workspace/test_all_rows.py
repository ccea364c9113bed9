"""All rows that a finding is about are had again from the stored version: as many, the same first, the same last."""

from pathlib import Path

import polars as pl
import pytest

from core.data.dataset import DatasetVersion
from core.data.finding import CheckStatus, Finding
from core.errors import InvalidInput
from core.scoping.project import Project, Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN
from tests.many_findings import write_joined, write_many_findings
from tests.small_projects import carry_out


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Orders")


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def failed(version: DatasetVersion) -> list[Finding]:
    return [finding for finding in version.findings if finding.status is CheckStatus.FAILED]


def had_again(workspace: Workspace, version: DatasetVersion) -> set[str]:
    """Ask for all rows of every finding that is about rows; return which checks those were."""
    of_rows = [finding for finding in failed(version) if finding.first is not None]
    for finding in of_rows:
        rows = workspace.data.rows_of(version, finding)
        if finding.check == "time_gaps":  # it counts gaps, and gives the rows behind them
            assert (rows["row"][0], rows["row"][-1]) == (finding.first, finding.last)
            continue
        told = (rows.height, rows[rows.columns[0]][0], rows[rows.columns[0]][-1])
        assert told == (finding.count, finding.first, finding.last), finding.check
    return {finding.check for finding in of_rows}


def test_every_finding_of_rows_gives_them_all(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    for path in (write_many_findings(tmp_path / "orders.csv"), write_joined(tmp_path / "joined.csv")):
        checks = had_again(workspace, dropped(workspace, project, path))
        assert checks, path.name
    assert len(had_again(workspace, workspace.data.versions(project.id)[0])) > 12


def test_so_does_a_finding_that_rests_on_a_reference(workspace: Workspace, project: Project) -> None:
    first = dropped(workspace, project, PRACTICE_CLEAN)
    workspace.data.accept(first.id)
    second = dropped(workspace, project, PRACTICE_BROKEN)
    assert workspace.data.beside(second).reference == workspace.data.table(first)
    workspace.data.accept(second.id)
    dropped(workspace, project, PRACTICE_CLEAN)
    # what is accepted later is not what it was checked beside
    assert workspace.data.beside(second).reference == workspace.data.table(first)
    assert workspace.data.beside(first).reference is None
    assert "new_values" in had_again(workspace, second)


def test_so_do_the_checks_of_labels(workspace: Workspace, tmp_path: Path) -> None:
    task = Task(kind=TaskKind.BINARY, target="late", inputs=("a", "b"), positive="yes")
    project = workspace.projects.begin("Labels", task=task)
    rows = [(n % 200 / 7, n % 200, "yes" if n % 200 > 110 else "no") for n in range(400)]
    wrong = {7: "yes", 160: "no", 333: "no"}
    frame = pl.DataFrame(
        [(a, b, None if n == 50 else wrong.get(n, label)) for n, (a, b, label) in enumerate(rows)],
        schema=["a", "b", "late"],
        orient="row",
    )
    path = tmp_path / "labels.csv"
    frame.write_csv(path)
    version = dropped(workspace, project, path)
    assert {"label_balance", "conflicting_labels", "label_errors"} <= had_again(workspace, version)
    conflicts = next(f for f in failed(version) if f.check == "conflicting_labels")
    assert workspace.data.rows_of(version, conflicts)["row"].to_list() == [8, 134, 161, 208, 334, 361]


def test_a_finding_of_the_whole_column_has_none(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    version = dropped(workspace, project, write_many_findings(tmp_path / "orders.csv"))
    constant = next(finding for finding in failed(version) if finding.check == "constant")
    with pytest.raises(InvalidInput, match="about no single rows"):
        workspace.data.rows_of(version, constant)


def test_a_broken_rule_of_the_contract_gives_its_rows(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "kinds.csv"
    pl.DataFrame({"id": range(90), "kind": ["a", "b", "a"] * 30}).write_csv(path)
    first = dropped(workspace, project, path)
    draft = workspace.contracts.infer(first.id)
    workspace.contracts.accept(draft.id)
    pl.DataFrame({"id": range(90), "kind": ["a", "b", "x"] * 30}).write_csv(path)
    second = dropped(workspace, project, path)
    (broken,) = [finding for finding in failed(second) if finding.check == "contract.enumeration"]
    rows = workspace.contracts.rows_of(second, broken)
    assert (rows["row"].to_list(), rows["kind"].unique().to_list()) == ([*range(3, 91, 3)], ["x"])
    unknown = Finding(
        check=broken.check, column="id", severity=broken.severity, status=broken.status, message="Agreed."
    )
    with pytest.raises(InvalidInput, match="No version of the contract"):
        workspace.contracts.rows_of(second, unknown)

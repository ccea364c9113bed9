"""A study of labels is an act: a job measures it, the ledger says who, and its human level answers criteria."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from core.errors import InvalidInput, NotPermitted
from core.job import Job
from core.ledger import LedgerEvent
from core.people.actor import LOCAL_USER, Role
from core.scoping.project import Project, Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import carry_out


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


@pytest.fixture
def project(workspace: Workspace) -> Project:
    begun = workspace.projects.begin("Trains")
    return workspace.projects.define(begun.id, Task(kind=TaskKind.BINARY, target="late", inputs=("a",), positive="1"))


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    rows = [(i, who, (i + (who == "Bob" and i % 7 == 0)) % 2) for i in range(40) for who in ("Ada", "Bob")]
    pl.DataFrame(rows, schema=["item", "annotator", "label"], orient="row").write_csv(path)
    return path


def studied(workspace: Workspace, project: Project, path: Path) -> Job:
    job = workspace.labels.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return job


def test_a_dropped_file_becomes_a_study(workspace: Workspace, project: Project, csv: Path) -> None:
    studied(workspace, project, csv)
    (study,) = workspace.labels.studies(project.id)
    assert (study.layout.form, study.layout.annotator) == ("long", "annotator")
    assert (study.figures.items, study.figures.annotators, study.created_by) == (40, ("Ada", "Bob"), LOCAL_USER.id)
    recall = study.human_level("recall")
    assert recall is not None
    assert 0.8 < recall.value < 1
    events: list[LedgerEvent] = workspace.thread.ledger(project.id)
    assert [e.body["annotators"] for e in events if e.kind == "labels.studied"] == [2]
    assert workspace.thread.missing_files() == []


def test_a_step_that_runs_again_leaves_one_study(workspace: Workspace, project: Project, csv: Path) -> None:
    carry_out(workspace, studied(workspace, project, csv))
    assert len(workspace.labels.studies(project.id)) == 1


def test_what_is_no_study_says_why_and_leaves_none(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1.5,x y z\n2.5,u v w\n")
    with pytest.raises(InvalidInput, match="no labels of several annotators"):
        studied(workspace, project, path)
    assert workspace.labels.studies(project.id) == []


def test_a_viewer_may_not_study(settings: Settings, project: Project, csv: Path) -> None:
    viewer = Workspace.open(settings, replace(LOCAL_USER, role=Role.VIEWER))
    with pytest.raises(NotPermitted):
        viewer.labels.drop(project.id, csv, file_name=csv.name)


def test_a_file_that_is_gone_is_told(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is gone"):
        workspace.labels.drop(project.id, tmp_path / "no.csv", file_name="no.csv")

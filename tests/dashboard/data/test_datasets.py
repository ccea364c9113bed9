from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.data.dataset import DatasetState, DatasetVersion
from core.scoping.project import Project, Task, TaskKind
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from tests.dashboard.stages import late_csv, primary, text
from tests.small_projects import carry_out

Open = Callable[..., AppTest]
TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "wind", "carrier"), time="departure", positive="yes")


@pytest.fixture
def unsaid(workspace: Workspace) -> Project:
    """A project that was begun by its name only."""
    return workspace.projects.begin("Trains")


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def test_an_empty_project_is_asked_for_a_file(unsaid: Project, open_view: Open):
    app = open_view("datasets", project=unsaid.slug)
    assert "No dataset yet" in text(app)
    assert primary(app) is None


def test_while_a_file_is_checked_its_progress_shows(
    workspace: Workspace, unsaid: Project, open_view: Open, tmp_path: Path
):
    workspace.data.drop(unsaid.id, late_csv(tmp_path / "late.csv"), file_name="late.csv")
    app = open_view("datasets", project=unsaid.slug)
    assert "**late.csv is being checked**" in text(app)
    assert any((button.key or "").startswith("working-cancel") for button in app.button)
    assert not any((button.key or "").startswith("menu-cancel") for button in app.button)
    assert primary(app) is None
    elsewhere = open_view("runs", project=unsaid.slug)
    assert any((button.key or "").startswith("menu-cancel") for button in elsewhere.button)


def test_a_version_that_waits_is_accepted(workspace: Workspace, project: Project, open_view: Open, tmp_path: Path):
    workspace.projects.define(project.id, TASK)
    version = dropped(workspace, project, late_csv(tmp_path / "late.csv"))
    app = open_view("datasets", project=project.slug)
    assert "flights v1: 720 rows, 5 columns. **0 errors, 0 warnings**. Accept it" in text(app)
    assert primary(app) == "Accept v1"
    app.button(key="dataset-accept").click().run()
    assert workspace.data.get(version.id).state is DatasetState.ACCEPTED
    assert "accepted by you on " in text(app)
    assert primary(app) == "Drop a file"


def test_a_version_is_rejected_with_the_reason(workspace: Workspace, project: Project, open_view: Open, tmp_path: Path):
    version = dropped(workspace, project, late_csv(tmp_path / "late.csv"))
    app = open_view("dataset", project=project.slug, id=version.id)
    app.button(key="dataset-reject").click().run()
    assert app.text_input(key="dataset-note").label == "Why?"
    workspace.data.reject(version.id, "Half of *March* is missing.")
    app = open_view("dataset", project=project.slug, id=version.id)
    assert "rejected by you on " in text(app)
    assert "Half of \\*March\\* is missing." in text(app)


def test_the_split_is_told_before_anybody_trains_and_as_it_was_afterwards(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    workspace.projects.define(project.id, TASK)
    version = dropped(workspace, project, late_csv(tmp_path / "late.csv"))
    app = open_view("datasets", project=project.slug)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures == {"Rows": "720", "Columns": "5", "To train on": "492", "Held out": "228"}
    assert "from 11 Feb 2024 on" in text(app)
    workspace.data.accept(version.id)
    order = TrainingOrder(dataset_id=version.id, recipes=("majority",))
    _, job = workspace.modelling.train(project.id, order)
    carry_out(workspace, job)
    app = open_view("dataset", project=project.slug, id=version.id)
    assert {metric.label: metric.value for metric in app.metric} == figures
    assert app.dataframe[-1].value["trained"].to_list() == [492]


def test_a_file_that_cannot_be_opened_shows_its_sentence(
    workspace: Workspace, unsaid: Project, open_view: Open, tmp_path: Path
):
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    dropped(workspace, unsaid, path)
    app = open_view("datasets", project=unsaid.slug)
    assert "**photo.csv could not be opened**" in text(app)
    assert "PNG" in app.error[0].value
    assert primary(app) == "Drop a file"


def test_after_the_first_acceptance_three_questions_are_asked(
    workspace: Workspace, unsaid: Project, open_view: Open, tmp_path: Path
):
    version = dropped(workspace, unsaid, late_csv(tmp_path / "late.csv"))
    workspace.data.accept(version.id)
    app = open_view("datasets", project=unsaid.slug)
    assert [box.label for box in app.selectbox][:3] == [
        "What should be predicted?",
        "When did it happen?",
        "What is one row?",
    ]
    assert primary(app) == "That is what we predict"
    assert "Drop another file" in [button.label for button in app.button]
    app.button(key="datasets-define").click().run()
    task = workspace.projects.get(unsaid.id).task
    assert task is not None
    assert (task.target, task.kind, task.time, task.positive) == ("late", TaskKind.BINARY, "departure", "yes")
    assert "That is what we predict" not in [button.label for button in app.button]


def test_then_criteria_are_proposed_from_the_labels(
    workspace: Workspace, unsaid: Project, open_view: Open, tmp_path: Path
):
    version = dropped(workspace, unsaid, late_csv(tmp_path / "late.csv"))
    workspace.data.accept(version.id)
    workspace.projects.define(unsaid.id, TASK)
    app = open_view("documents", project=unsaid.slug, part="criteria")
    assert primary(app) == "Propose some from the data"
    app.button(key="documents-first").click().run()
    proposed = workspace.scoping.criteria(unsaid.id)
    assert [c.metric for c in proposed] == ["recall", "roc_auc", "latency_p95"]
    assert {c.block for c in proposed} == {"day"}
    assert primary(app) == "Sign 3 criteria"


def test_findings_columns_and_rows_of_a_version(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    path = late_csv(tmp_path / "late.csv")
    pl.read_csv(path).with_columns(wind=pl.when(pl.int_range(pl.len()) % 4 > 0).then("wind")).write_csv(path)
    version = dropped(workspace, project, path)
    found = open_view("dataset", project=project.slug, id=version.id)
    assert list(found.dataframe[0].value["Severity"][0]) == ["▲ warning"]
    assert "wind is empty in 180 rows" in text(found)
    columns = open_view("dataset", project=project.slug, id=version.id, show="profile")
    assert columns.dataframe[0].value["Column"].to_list() == ["temp", "wind", "carrier", "departure", "late"]
    assert columns.get("plotly_chart")
    rows = open_view("dataset", project=project.slug, id=version.id, show="rows")
    assert len(rows.dataframe[0].value) == 100


def test_the_newest_version_that_waits_is_shown_and_another_can_be_chosen(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    first = dropped(workspace, project, late_csv(tmp_path / "late.csv"))
    workspace.data.accept(first.id)
    dropped(workspace, project, late_csv(tmp_path / "later.csv", days=70))
    app = open_view("datasets", project=project.slug)
    assert "flights v2: 840 rows" in text(app)
    app = open_view("datasets", project=project.slug, version=first.id)
    assert "flights v1: 720 rows" in text(app)


def test_an_address_of_no_version_says_so(project: Project, open_view: Open):
    app = open_view("dataset", project=project.slug, id="0" * 32)
    assert "This project has no such dataset version" in app.error[0].value

"""The labels of a dataset version: their spread, what is doubtful about them, and the study of annotators' labels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.data.dataset import DatasetVersion
from core.data.label_study import LabelStudy
from core.scoping.project import Project, Task, TaskKind
from core.workspace.workspace import Workspace
from tests.dashboard.stages import late_csv, text
from tests.small_projects import carry_out

Open = Callable[..., AppTest]
TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "wind", "carrier"), time="departure", positive="yes")


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Late", task=TASK)


@pytest.fixture
def version(workspace: Workspace, project: Project, tmp_path: Path) -> DatasetVersion:
    return dropped(workspace, project, late_csv(tmp_path / "late.csv"))


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def annotators(path: Path, wrong: dict[str, float] | None = None) -> Path:
    """Write what each annotator says of 120 rows, wrong in a share of them."""
    chance = np.random.default_rng(3)
    truth = chance.random(120) < 0.4
    said = {who: truth ^ (chance.random(120) < share) for who, share in (wrong or {"Ada": 0.1, "Bob": 0.2}).items()}
    rows = [(n, who, "yes" if said[who][n] else "no") for n in range(120) for who in said]
    pl.DataFrame(rows, schema=["item", "annotator", "label"], orient="row").write_csv(path)
    return path


def studied(workspace: Workspace, version: DatasetVersion, path: Path) -> LabelStudy:
    carry_out(workspace, workspace.labels.drop(version.project_id, path, file_name=path.name, dataset_id=version.id))
    return workspace.labels.studies(version.project_id)[-1]


def test_how_labels_are_spread_is_one_sentence(workspace: Workspace, version: DatasetVersion, open_view: Open):
    counts = workspace.data.frame(version)["late"].value_counts(sort=True)
    (first, most), (second, least) = counts.iter_rows()
    shares = [f"{100 * n / 720:.1f} %" for n in (most, least)]
    said = text(open_view("datasets", project="late", show="labels"))
    assert f"**late** is {first} in **{shares[0]}** of 720 rows, {second} in **{shares[1]}**. Every row" in said
    assert "passed] Rows that are alike have the same label" in said


def test_a_number_to_predict_is_told_by_its_median(workspace: Workspace, open_view: Open, tmp_path: Path):
    task = Task(kind=TaskKind.REGRESSION, target="minutes", inputs=("a",))
    project = workspace.projects.begin("Minutes", task=task)
    path = tmp_path / "minutes.csv"
    pl.DataFrame({"a": range(101), "minutes": [n / 2 for n in range(101)]}).write_csv(path)
    dropped(workspace, project, path)
    said = text(open_view("datasets", project="minutes", show="labels"))
    assert "**minutes** lies between 0 and 50 in 101 rows, its median is **25**. Every row has a label." in said


def test_many_classes_are_named_to_the_fourth(workspace: Workspace, open_view: Open, tmp_path: Path):
    task = Task(kind=TaskKind.MULTICLASS, target="kind", inputs=("a",))
    project = workspace.projects.begin("Kinds", task=task)
    path = tmp_path / "kinds.csv"
    kinds = [letter for letter, n in zip("abcdef", (40, 25, 15, 10, 6, 4), strict=True) for _ in range(n)]
    pl.DataFrame({"a": range(100), "kind": kinds}).write_csv(path)
    dropped(workspace, project, path)
    said = text(open_view("datasets", project="kinds", show="labels"))
    assert "is a in **40.0 %** of 100 rows" in said
    assert "d in **10.0 %**, another label in **10.0 %**" in said


def test_conflicting_labels_lead_to_their_finding(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    path = late_csv(tmp_path / "late.csv")
    frame = pl.read_csv(path)
    other = frame.head(6).with_columns(
        late=pl.when(pl.col("late") == "yes").then(pl.lit("no")).otherwise(pl.lit("yes"))
    )
    pl.concat([frame, other]).write_csv(path)
    dropped(workspace, project, path)
    app = open_view("datasets", project="late", show="labels")
    assert "12 rows in 6 groups have the same inputs and different labels in late" in text(app)
    app.button(key="datasets-labels-conflicting_labels-look").click().run()
    assert (app.query_params["show"], app.query_params["column"]) == ("findings", "late")
    assert "in 6 groups have the same inputs and different labels in late" in text(app)


def test_without_a_task_no_column_is_a_label(workspace: Workspace, open_view: Open, tmp_path: Path):
    dropped(workspace, workspace.projects.begin("Bare"), late_csv(tmp_path / "late.csv"))
    assert "no column is a label" in text(open_view("datasets", project="bare", show="labels"))


def test_without_a_study_what_will_appear_is_said(version: DatasetVersion, open_view: Open):
    app = open_view("dataset", project="late", id=version.id, show="labels")
    assert "No label study yet" in text(app)
    assert not app.get("plotly_chart")


def test_a_study_at_work_shows_its_progress(
    workspace: Workspace, version: DatasetVersion, open_view: Open, tmp_path: Path
):
    path = annotators(tmp_path / "said.csv")
    job = workspace.labels.drop(version.project_id, path, file_name=path.name, dataset_id=version.id)
    app = open_view("datasets", project="late", show="labels")
    assert app.button(key=f"working-cancel-{job.id}")
    assert "No label study yet" not in text(app)


def test_a_file_that_is_no_study_says_why_and_can_be_dropped_again(
    workspace: Workspace, version: DatasetVersion, open_view: Open
):
    path = Path(workspace.settings.home) / "table.csv"
    path.write_text("a,b\n1.5,x y z\n", encoding="utf-8")
    job = workspace.labels.drop(version.project_id, path, file_name=path.name)
    workspace.jobs.fail(job.id, "This file holds no labels of several annotators.")
    app = open_view("datasets", project="late", show="labels")
    assert "holds no labels of several annotators" in app.error[0].value
    assert "No label study yet" in text(app)


def test_a_study_tells_agreement_confusion_and_the_human_level(
    workspace: Workspace, version: DatasetVersion, open_view: Open, tmp_path: Path
):
    study = studied(workspace, version, annotators(tmp_path / "said.csv"))
    raw, recall = study.figures.agreement["raw"], study.human_level("recall")
    assert recall is not None
    app = open_view("datasets", project="late", show="labels")
    said = text(app)
    assert f"Ada and Bob give the same label in **{100 * raw.value:.1f} %** of pairs over 120 items" in said
    assert f"against what most of the others say, an annotator reaches **{recall.value:.3f} " in said
    assert "said.csv, dropped beside v1" in said
    agreement, confusion = (chart.proto.spec for chart in app.get("plotly_chart"))
    assert "Cohen's kappa, Ada and Bob" in agreement.replace("\\u0027", "'")
    assert "another says" in confusion
    assert app.table[-1].value["Annotator"].to_list() == ["**Everyone**", "Ada", "Bob"]
    disputed = app.dataframe[-1].value
    assert len(disputed) == len(study.figures.disputed)
    assert set(disputed["Who says what"]) <= {"yes: Ada; no: Bob", "no: Ada; yes: Bob"}


def test_an_older_study_can_be_looked_at_again(
    workspace: Workspace, version: DatasetVersion, open_view: Open, tmp_path: Path
):
    first = studied(workspace, version, annotators(tmp_path / "first.csv"))
    studied(workspace, version, annotators(tmp_path / "second.csv", {"Cyd": 0.1, "Dan": 0.3}))
    assert "Cyd and Dan give the same label" in text(open_view("datasets", project="late", show="labels"))
    older = open_view("datasets", project="late", show="labels", study=first.id)
    assert "Ada and Bob give the same label" in text(older)


def test_where_there_is_no_human_level_the_reason_is_said(
    workspace: Workspace, version: DatasetVersion, open_view: Open, tmp_path: Path
):
    path = annotators(tmp_path / "said.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("yes", "late"), encoding="utf-8")
    studied(workspace, version, path)
    said = text(open_view("datasets", project="late", show="labels"))
    assert "No label is “yes”, which the project looks for" in said
    assert "Human level: against" not in said

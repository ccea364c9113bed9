import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.data.all_rows import rows_in_second
from core.data.in_full import shared_of
from core.errors import FullcircleError, InvalidInput
from core.job import Job
from core.modelling.first_task import choices, task_of, without
from core.workspace.workspace import Workspace
from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN
from tests.dashboard.home.conftest import pressed, texts, turned
from tests.small_projects import carry_out, guessed

Open = Callable[..., AppTest]


def checked(workspace: Workspace, *files: Path) -> Job:
    """Carry out the check that the page would ask for."""
    arguments = {"paths": [str(file) for file in files], "names": [file.name for file in files]}
    job = workspace.jobs.request("check_files", "Check", arguments=arguments)
    try:
        return carry_out(workspace, job)
    except FullcircleError as error:
        workspace.jobs.fail(job.id, str(error))
        return workspace.jobs.get(job.id)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "turned.csv"
    turned(rows=300).write_csv(path)
    return path


def test_at_first_the_page_asks_for_a_file(workspace: Workspace, open_view: Open):
    app = open_view("check")
    assert not app.exception
    assert "Drop one file" in texts(app)


def test_a_practice_file_is_one_press_away(workspace: Workspace, open_view: Open):
    app = pressed(open_view("check"), "Check a practice file")
    assert not app.exception
    (job,) = workspace.jobs.running()
    assert app.query_params["job"] == job.id
    assert job.arguments["names"] == [PRACTICE_BROKEN.name]
    assert "Reading **january\\_broken.csv**" in texts(app)


def test_one_file_is_told_in_a_sentence_with_its_findings(workspace: Workspace, open_view: Open):
    app = open_view("check", job=checked(workspace, PRACTICE_BROKEN).id)
    assert not app.exception
    said = texts(app)
    assert "**january\\_broken.csv**: 10,680 rows, 18 columns: **5 warnings" in said
    assert "checks passed" in said
    found = app.dataframe[0].value
    assert "flight_id" in set(found["Column"])
    assert [b.label for b in app.button if b.proto.type == "primary"] == ["Start a project from this file"]


def test_a_file_that_is_no_table_is_one_sentence(workspace: Workspace, tmp_path: Path, open_view: Open):
    wrong = tmp_path / "picture.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    job = checked(workspace, wrong)
    app = open_view("check", job=job.id)
    assert not app.exception
    assert len(app.error) == 1
    assert "Traceback" not in texts(app)
    assert "picture.csv**: **no result**" in texts(app)


def test_two_files_say_what_moved_and_can_be_swapped(workspace: Workspace, csv: Path, tmp_path: Path, open_view: Open):
    other = tmp_path / "moved.csv"
    frame = turned(rows=300)
    frame.with_columns(x=frame["x"] + 3).write_csv(other)
    app = open_view("check", job=checked(workspace, csv, other).id)
    assert not app.exception
    assert "**1 of 4 columns drifted**" in texts(app)
    assert "Most: **x** 0." in texts(app)
    app = pressed(app, "Swap")
    (job,) = workspace.jobs.running()
    assert job.arguments["names"] == ["moved.csv", "turned.csv"]


def test_rows_that_stand_in_train_and_test_lead_the_page(workspace: Workspace, tmp_path: Path, open_view: Open):
    frame = turned(rows=300)
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    frame.head(200).write_csv(train)
    frame.tail(140).write_csv(test)
    job = checked(workspace, train, test)
    app = open_view("check", job=job.id)
    assert not app.exception
    said = texts(app)
    assert "**40 rows stand in the reference too**. **" in said
    assert "columns drifted" in said
    assert "have keys of order\\_id that the reference has too" in said
    assert {f.column for f in shared_of(job.result or {})} == {None, "order_id", "at"}
    whole = next(f for f in shared_of(job.result or {}) if f.column is None)
    rows = rows_in_second(train, test, whole, now=job.created_at, names=("train.csv", "test.csv"))
    assert rows["row"].to_list() == list(range(1, 41))
    train.unlink()
    with pytest.raises(InvalidInput, match=r"^train\.csv is no longer here\. Drop it again\.$"):
        rows_in_second(train, test, whole, now=job.created_at, names=("train.csv", "test.csv"))


def test_rows_in_two_versions_are_a_note_below_the_verdict(workspace: Workspace, csv: Path, open_view: Open):
    app = open_view("check", job=checked(workspace, csv, csv).id)
    assert "stand in the reference too" in texts(app)
    assert "**300 rows stand" not in texts(app)


def test_the_same_file_twice_has_no_amber(workspace: Workspace, csv: Path, open_view: Open):
    app = open_view("check", job=checked(workspace, csv, csv).id)
    assert "**0 of 4 columns drifted**, 2 stable, 2 not applicable." in texts(app)


def test_the_three_questions_have_their_guessed_answers(workspace: Workspace, csv: Path, open_view: Open):
    app = pressed(open_view("check", job=checked(workspace, csv).id), "Start a project from this file")
    assert not app.exception
    asked = {box.label: box.value for box in app.selectbox if box.label.endswith("?")}
    assert asked["What should be predicted?"] == "y"
    assert "**y** is yes or no, predicted from 1 column: :gray[x]." in texts(app)
    assert "Start the project" in {button.label for button in app.button}


def test_a_column_that_gives_the_answer_away_is_left_out_of_the_inputs(
    workspace: Workspace, csv: Path, tmp_path: Path, open_view: Open
):
    leaking = tmp_path / "leaking.csv"
    pl.read_csv(csv).with_columns(after=pl.col("x") * 2).select("after", pl.exclude("after")).write_csv(leaking)
    job = checked(workspace, leaking)
    app = pressed(open_view("check", job=job.id), "Start a project from this file")
    assert "predicted from 2 columns: :gray[after and x]." in texts(app)
    assert next(box for box in app.multiselect if box.label == "Leave out of the inputs").options == ["after", "x"]
    found = choices(workspace.jobs.get(job.id).result["profile"])
    task = task_of(found, target="y", time="at", entity="id", positive="yes")
    assert task is not None
    rest = without(task, ["after"])
    assert rest is not None
    assert rest.inputs == ("x",)
    assert without(task, task.inputs) is None


def test_a_started_project_is_waited_for_and_opened(workspace: Workspace, csv: Path, open_view: Open):
    project = workspace.projects.begin("Turned", task=guessed(csv))
    arguments = {"path": str(csv), "file_name": csv.name}
    job = workspace.jobs.request("adopt_file", "Start Turned", project_id=project.id, arguments=arguments)
    assert "Starting **Turned** from turned.csv." in texts(open_view("check", start=job.id))
    carry_out(workspace, job)
    assert open_view("check", start=job.id).query_params["project"] == "turned"


def test_a_start_that_failed_says_why_and_leads_back(workspace: Workspace, csv: Path, open_view: Open):
    check = checked(workspace, csv)
    project = workspace.projects.begin("Few")
    arguments = {"path": str(csv), "file_name": csv.name}
    job = workspace.jobs.request("adopt_file", "Start Few", project_id=project.id, arguments=arguments)
    workspace.jobs.claim(job.id)
    workspace.jobs.fail(job.id, "Only 3 rows have a label.")
    app = open_view("check", job=check.id, start=job.id)
    assert "Only 3 rows have a label." in app.error[0].value
    app = pressed(app, "Back to the file")
    assert "start" not in app.query_params
    assert "Start a project from this file" in {button.label for button in app.button}


def test_hostile_names_are_shown_as_they_are(workspace: Workspace, csv: Path, open_view: Open):
    hostile = csv.with_name("**bold** [x](y) $1$.csv")
    shutil.copy(csv, hostile)
    app = open_view("check", job=checked(workspace, hostile).id)
    assert not app.exception
    assert "\\*\\*bold\\*\\* \\[x\\]\\(y\\) \\$1\\$.csv" in texts(app)


def test_the_clean_practice_file_has_no_error(workspace: Workspace, open_view: Open):
    app = open_view("check", job=checked(workspace, PRACTICE_CLEAN).id)
    assert "error" not in texts(app).split("checks passed")[0]

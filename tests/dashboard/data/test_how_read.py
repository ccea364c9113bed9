"""How a file was read stands in one line, with what was left out, and can be said otherwise."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.data.dataset import DatasetState, DatasetVersion, HowRead
from core.frames.opened import RejectedRow
from core.frames.reading import Reading
from core.scoping.project import Project
from core.workspace.workspace import Workspace
from dashboard.components.how_read import in_words
from dashboard.formats import escape
from tests.dashboard.stages import text
from tests.small_projects import carry_out

Open = Callable[..., AppTest]
ROWS = "".join(f"{n};{n * 2};München\n" for n in range(60))
GERMAN = ("Auszug vom 1. Mai\n\nid;wert;ort\n" + ROWS + "7;8\n1;2;3;4\n").encode("cp1252")


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        (
            {"format": "csv", "delimiter": ";", "encoding": "cp1252", "header": True, "skipped": 2},
            "Read as CSV: semicolons, cp1252, header in line 3; 2 rows left out.",
        ),
        (
            {"format": "csv", "delimiter": "~", "encoding": "utf-8", "header": False, "skipped": 0},
            "Read as CSV: parted by '~', UTF-8, no header, data from line 1; 2 rows left out.",
        ),
        (
            {"format": "excel", "sheet": "May", "header": True, "skipped": 0},
            "Read as a workbook: sheet “May”, header in row 1; 2 rows left out.",
        ),
        (
            {"format": "excel", "sheet": "May", "sheets": ["May", "June", "Notes"], "header": True, "skipped": 0},
            "Read as a workbook: sheet “May” (not “June” and “Notes”), header in row 1; 2 rows left out.",
        ),
        ({"format": "json", "encoding": "utf-8"}, "Read as JSON: UTF-8; 2 rows left out."),
        ({"format": "parquet"}, "Read as Parquet; 2 rows left out."),
    ],
)
def test_in_words(dialect: dict[str, object], words: str):
    assert in_words(HowRead(dialect=dialect, rejected_count=2)) == words


def test_nothing_left_out_is_not_said():
    assert in_words(HowRead(dialect={"format": "parquet"})) == "Read as Parquet."


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


@pytest.fixture
def german(workspace: Workspace, project: Project, tmp_path: Path) -> DatasetVersion:
    path = tmp_path / "auszug.csv"
    path.write_bytes(GERMAN)
    return dropped(workspace, project, path)


def test_a_version_says_how_it_was_read_and_what_was_left_out(
    german: DatasetVersion, project: Project, open_view: Open
):
    app = open_view("dataset", project=project.slug, id=german.id)
    assert escape("Read as CSV: semicolons, cp1252, header in line 3; 2 rows left out.") in text(app)
    assert "Left out: 2 rows" in [box.label for box in app.expander]
    assert german.read is not None
    assert german.read.rejected == (
        RejectedRow(line=64, reason="too few cells", text="7;8"),
        RejectedRow(line=65, reason="too many cells", text="1;2;3;4"),
    )


def test_read_another_way_is_filled_in_with_how_it_was_read(
    workspace: Workspace, german: DatasetVersion, project: Project, open_view: Open
):
    app = open_view("dataset", project=project.slug, id=german.id)
    app.button(key="dataset-read-again").click().run()
    values = {box.label: box.value for box in app.selectbox if box.key and "-way-" in box.key}
    assert values == {"Delimiter": ";", "Encoding": "cp1252", "Header": True}
    assert next(box.value for box in app.number_input if box.label == "Lines to skip above it") == 2


def test_another_reading_is_told_of_its_version(
    workspace: Workspace, german: DatasetVersion, project: Project, open_view: Open
):
    second, job = workspace.data.read_again(german.id, Reading(delimiter=";", header=False, skipped=3))
    carry_out(workspace, job)
    app = open_view("dataset", project=project.slug, id=second.id)
    assert escape("no header, data from line 4; 2 rows left out.") in text(app)


def test_what_cannot_be_read_so_says_it_and_can_be_read_another_way(
    workspace: Workspace, german: DatasetVersion, project: Project, open_view: Open
):
    second, job = workspace.data.read_again(german.id, Reading(encoding="no-such-encoding"))
    carry_out(workspace, job)
    assert workspace.data.get(second.id).state is DatasetState.REJECTED
    app = open_view("dataset", project=project.slug, id=second.id)
    assert escape("no-such-encoding") in app.error[0].value
    app.button(key="dataset-read-again").click().run()
    assert app.selectbox(key="dataset-way-encoding").value == "no-such-encoding"


def test_check_files_reads_another_way_too(workspace: Workspace, tmp_path: Path, open_view: Open):
    path = tmp_path / "auszug.csv"
    path.write_bytes(GERMAN)
    reading = asdict(Reading(header=False, skipped=3))
    arguments = {"paths": [str(path)], "names": [path.name], "readings": [reading]}
    job = carry_out(workspace, workspace.jobs.request("check_files", "Check", arguments=arguments))
    app = open_view("check", job=job.id)
    assert escape("no header, data from line 4; 2 rows left out.") in text(app)
    app.button(key="check-read-again").click().run()
    assert app.selectbox(key="check-way-header").value is False
    assert app.number_input(key="check-way-skip").value == 3

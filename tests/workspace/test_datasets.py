"""A dataset version knows where it comes from: who dropped it, how it was read, what it follows."""

from hashlib import sha256
from pathlib import Path

import pytest

from core.data.dataset import DatasetState, DatasetVersion, split_in_name
from core.errors import Conflict
from core.frames.reading import AS_GUESSED, Reading
from core.people.actor import LOCAL_USER
from core.scoping.project import Project
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import begun, carry_out, guessed, sklearn_csv

TEXT = "title of the table\na;b;c\n" + "".join(f"{n};{n * 2};x\n" for n in range(60)) + "7;8\n"


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Trains")


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "trains_train.csv"
    path.write_text(TEXT)
    return path


def test_a_version_records_who_dropped_it_and_how_it_was_read(workspace: Workspace, project: Project, csv: Path):
    version = dropped(workspace, project, csv)
    assert (version.created_by, version.parent_id, version.split) == (LOCAL_USER.id, None, "train")
    assert version.source == sha256(csv.read_bytes()).hexdigest()
    assert version.read is not None
    assert version.read.reading == AS_GUESSED
    assert version.read.dialect["delimiter"] == ";"
    assert version.read.rejected_count == 1
    assert [(row.text, row.reason) for row in version.read.rejected] == [("7;8", "too few cells")]


def test_each_version_follows_the_newest_one_that_is_of_use(workspace: Workspace, project: Project, csv: Path):
    first, second = dropped(workspace, project, csv), dropped(workspace, project, csv)
    workspace.data.reject(second.id, "Half of March is missing.")
    third = dropped(workspace, project, csv)
    assert (second.parent_id, third.parent_id) == (first.id, first.id)


def test_reading_another_way_makes_a_new_version_of_the_same_file(workspace: Workspace, project: Project, csv: Path):
    first = dropped(workspace, project, csv)
    csv.unlink()
    reading = Reading(delimiter=";", skipped=1, header=False)
    second, job = workspace.data.read_again(first.id, reading)
    assert second.state is DatasetState.CHECKING
    carry_out(workspace, job)
    second = workspace.data.get(second.id)
    assert (second.number, second.parent_id, second.source, second.split) == (2, first.id, first.source, "train")
    assert second.state is DatasetState.WAITING
    assert second.read is not None
    assert second.read.reading == reading
    assert workspace.data.get(first.id) == first


def test_what_cannot_be_opened_is_kept_to_be_read_another_way(workspace: Workspace, project: Project, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    first = dropped(workspace, project, path)
    assert first.state is DatasetState.REJECTED
    assert workspace.data.source(first).read_bytes() == path.read_bytes()
    assert first.can_be_read_again


def test_a_file_that_says_how_it_is_read_is_not_read_another_way(workspace: Workspace, project: Project, csv: Path):
    table = workspace.data.table(dropped(workspace, project, csv))
    parquet = dropped(workspace, project, table)
    assert not parquet.can_be_read_again
    with pytest.raises(Conflict, match="cannot be read another way"):
        workspace.data.read_again(parquet.id, Reading(delimiter=","))


def test_the_first_part_of_a_file_says_so_and_never_becomes_the_whole(settings: Settings, tmp_path: Path):
    csv = sklearn_csv("wine", tmp_path)
    small = begun(Workspace.open(settings), csv, guessed(csv))
    version = small.life.datasets[0]
    assert (version.origin, version.split) == ("part", "two thirds of the rows, drawn at random")
    assert version.read is not None
    assert version.read.dialect["format"] == "csv"
    with pytest.raises(Conflict, match="cannot be read another way"):
        small.workspace.data.read_again(version.id, Reading(header=False))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("flights_train.csv", "train"),
        ("Test.csv", "test"),
        ("2013-validation-set.parquet", "validation"),
        ("trains.csv", None),
        ("latest.csv", None),
        ("contest.csv", None),
        ("training.csv", "train"),
    ],
)
def test_a_name_may_say_which_part_it_is(name: str, part: str | None):
    assert split_in_name(name) == part

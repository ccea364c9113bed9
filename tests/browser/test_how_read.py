"""A file that was read wrongly is read another way: a new version beside the old one; on Check files, a new check."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.workspace.workspace import Workspace
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser
READ = "Read as CSV: semicolons, UTF-8, header in line 2; 2 rows left out."
AGAIN = "Read as CSV: semicolons, UTF-8, no header, data from line 3; 2 rows left out."


@pytest.fixture(scope="module")
def running(fullcircle: Start) -> Fullcircle:
    return fullcircle()


@pytest.fixture(scope="module")
def workspace(running: Fullcircle) -> Workspace:
    return running.workspace()


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    return Person(page, running.address)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.csv"
    rows = "".join(f"{n};{n * 2};x{n}\n" for n in range(60))
    path.write_text(f"What was sold\nid;value;kind\n{rows}7;8\n1;2;3;4\n")
    return path


def read_without_header(me: Person) -> None:
    me.reads(READ, patience=JOB)
    me.press("Read it another way")
    expect(me.dialog.get_by_role("combobox", name="Delimiter")).to_have_value("Semicolon ;")
    me.choose("Header", "There are no names", within=me.dialog)
    me.fill("Lines to skip above it", "2", within=me.dialog)
    me.press("Read it again", within=me.dialog)
    me.reads(AGAIN, patience=JOB)


def test_a_version_is_read_another_way(me: Person, workspace: Workspace, odd: Path) -> None:
    project = workspace.projects.begin("Odd")
    me.open("datasets", project=project.slug)
    me.drop(odd)
    me.reads(READ, patience=JOB)
    me.view.get_by_text("Left out: 2 rows").click()
    me.lists("too few cells")
    me.lists("1;2;3;4")
    read_without_header(me)
    me.told("odd v2: 60 rows")
    first, second = workspace.data.versions(project.id)
    assert (second.parent_id, second.source) == (first.id, first.source)
    assert first.columns == ("id", "value", "kind")
    assert me.complaints == []


def test_a_file_is_checked_another_way(me: Person, odd: Path) -> None:
    me.open("check")
    me.drop(odd)
    read_without_header(me)
    me.told("odd.csv: 60 rows, 3 columns")
    assert me.complaints == []

"""The contract in the browser: inferred from a file, a cell edited, accepted, broken by the next file, widened."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.workspace.workspace import Workspace
from tests.browser.conftest import Start
from tests.browser.person import JOB, ROW, Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser
AT_MOST = 5
"""The place of the column in the editor."""


@pytest.fixture(scope="module")
def running(fullcircle: Start) -> Fullcircle:
    return fullcircle()


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    return Person(page, running.address)


def weather(path: Path, *, hottest: float) -> Path:
    draw = random.Random(1)
    rows = [f"{number},{draw.choice(['JFK', 'LGA'])},{draw.uniform(0, 40):.1f}" for number in range(300)]
    path.write_text("\n".join(["reading,origin,temp", *rows, f"300,JFK,{hottest}", ""]))
    return path


def write_cell(me: Person, row: int, column: int, text: str) -> None:
    """Write into a cell of the editor as a person does: a click, Enter, the text, Enter."""
    editor = me.view.get_by_test_id("stDataFrame").first
    left = sum((130, 95, 105, 80, 110, 110)[:column])
    editor.locator(".dvn-scroller").click(position={"x": left + 40, "y": ROW * (row + 1) + ROW // 2})
    me.page.keyboard.press("Enter")
    me.page.locator(".gdg-input").fill(text)
    me.page.keyboard.press("Enter")


def most_agreed(workspace: Workspace, project_id: str) -> float:
    """Return the highest temperature that the contract in force allows."""
    agreed = workspace.contracts.in_force(project_id)
    bounds = agreed.contract.find("range", "temp") if agreed else None
    assert bounds is not None
    return bounds.arguments["max"]


def test_from_a_file_to_a_contract_and_on_to_a_wider_one(me: Person, running: Fullcircle, tmp_path: Path) -> None:
    workspace: Workspace = running.workspace()
    project = workspace.projects.begin("Weather")
    me.open("datasets", project=project.slug)
    me.drop(weather(tmp_path / "january.csv", hottest=39.0))
    me.told("weather v1: 301 rows", patience=JOB)
    me.open("contract", project=project.slug)
    me.press("Infer a contract from v1")
    me.told("Draft of v1, inferred from v1")
    write_cell(me, row=2, column=AT_MOST, text="45")
    me.reads("Not saved yet.")
    me.press("Accept v1")
    me.told("weather v1 keeps all of them")
    assert most_agreed(workspace, project.id) == 45

    me.open("datasets", project=project.slug)
    me.press("Drop another file")
    me.drop(weather(tmp_path / "february.csv", hottest=59.0), within=me.dialog)
    me.told("weather v2: 301 rows", patience=JOB)
    me.open("contract", project=project.slug)
    me.told("weather v2 breaks 1")
    me.press("Widen the contract")
    dialog = me.page.get_by_role("dialog")
    expect(dialog).to_contain_text("at most 45")
    expect(dialog).to_contain_text("at most 59")
    dialog.get_by_role("button", name="Widen it").click()
    me.told("Contract v2:")
    me.told("weather v2 keeps all of them")
    assert most_agreed(workspace, project.id) == 59
    assert me.complaints == []

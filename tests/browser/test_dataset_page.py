"""The page of a dataset: every finding's panel with its fix, the parts, two versions compared, a thousand columns."""

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from core.data.by_column import ColumnFindings, by_column, plain_fix, plain_message
from core.data.checks import CHECKS
from core.data.dataset import DatasetVersion
from core.data.in_full import findings_of
from dashboard.vocabulary import WHOLE_TABLE
from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle
from tests.many_findings import write_joined, write_many_findings

pytestmark = pytest.mark.browser

MOST_BYTES = 500_000
"""So much may be sent for a page of a thousand columns; its profile alone is a megabyte."""


@pytest.fixture(scope="module")
def running(fullcircle: Start, tmp_path_factory: pytest.TempPathFactory) -> Fullcircle:
    """Projects with what is looked at: the broken month beside the clean one, many findings, a thousand columns."""
    started, folder = fullcircle(), tmp_path_factory.mktemp("files")
    files = {
        "january": [PRACTICE_CLEAN, PRACTICE_BROKEN],
        "orders": [write_many_findings(folder / "orders.csv")],
        "joined": [write_joined(folder / "joined.csv")],
        "sensors": [write_sensors(folder / "sensors.parquet")],
    }
    workspace = started.workspace()
    for name, paths in files.items():
        project = workspace.projects.begin(name)
        for path in paths:
            workspace.data.drop(project.id, path, file_name=path.name)
    started.wait_for_jobs()
    return started


def write_sensors(path: Path) -> Path:
    values = np.random.default_rng(5).normal(20, 3, (200, 1_000))
    values[:, ::50] = 5.0
    pl.DataFrame(values, schema=[f"sensor_{number:04d}" for number in range(1_000)]).write_parquet(path)
    return path


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    return Person(page, running.address)


def newest(running: Fullcircle, project: str) -> DatasetVersion:
    workspace = running.workspace()
    return workspace.data.versions(workspace.projects.get(project).id)[-1]


def open_every_panel(me: Person, groups: tuple[ColumnFindings, ...], panel: Locator) -> None:
    for place, group in enumerate(groups):
        me.choose_row(place)
        expect(panel).to_contain_text(group.column or WHOLE_TABLE)
        for finding in group.findings:
            assert finding.fix
            expect(panel).to_contain_text(plain_message(finding))
            expect(panel).to_contain_text(f"Fix: {plain_fix(finding)}")
        me.press("How was this computed?", within=panel)
        me.reads(f"Check: {CHECKS[group.worst.check].title}", within=me.page.locator("body"))
        me.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("project", "view", "least"), [("january", "datasets", 10), ("orders", "datasets", 25), ("joined", "dataset", 3)]
)
def test_every_finding_has_a_panel_with_its_fix(me: Person, running: Fullcircle, project: str, view: str, least: int):
    version = newest(running, project)
    groups = by_column(version.findings)
    assert len(groups) >= least
    me.open(view, project=project, id=version.id)
    open_every_panel(me, groups, me.view.locator(f".st-key-{view}-finding"))
    assert me.complaints == []


def test_every_finding_has_a_panel_on_check_files(me: Person, running: Fullcircle):
    me.open("check")
    me.drop(PRACTICE_BROKEN)
    me.told("checks passed", patience=JOB)
    job = running.workspace().jobs.recent()[0]
    assert job.result
    open_every_panel(me, by_column(findings_of(job.result["file"])), me.view.locator(".st-key-check-finding"))
    me.view.get_by_text("Profile of its columns").click()
    me.reads("of the cells are empty")
    assert me.complaints == []


@pytest.mark.parametrize("view", ["datasets", "check"])
def test_all_rows_of_a_finding_are_had_as_csv(me: Person, running: Fullcircle, view: str):
    if view == "check":
        me.open("check")
        me.drop(PRACTICE_BROKEN)
        me.told("checks passed", patience=JOB)
        job = running.workspace().jobs.recent()[0]
        assert job.result
        found = by_column(findings_of(job.result["file"]))
    else:
        me.open("datasets", project="january")
        found = by_column(newest(running, "january").findings)
    place, finding = next((i, group.worst) for i, group in enumerate(found) if group.worst.first is not None)
    me.choose_row(place)
    panel = me.view.locator(f".st-key-{view}-finding")
    expect(panel).to_contain_text(plain_message(finding))
    with me.page.expect_download() as download:
        me.press(re.compile("All rows|The row"), within=panel)
    rows = pl.read_csv(download.value.path())
    assert (rows.height, rows["row"][0], rows["row"][-1]) == (finding.count, finding.first, finding.last)
    assert me.complaints == []


def test_the_parts_of_a_dataset_and_two_versions_compared(me: Person):
    me.open("datasets", project="january")
    me.pick("Profile")
    me.reads("120 rows repeated")
    me.choose_row(5)
    panel = me.view.locator(".st-key-datasets-column-panel")
    expect(panel).to_contain_text("temp")
    expect(panel).to_contain_text("Median")
    expect(panel.get_by_test_id("stPlotlyChart")).to_be_visible()
    me.refresh()
    expect(panel).to_contain_text("temp")
    me.pick("Rows")
    me.reads("The first 100 rows of 10,680.")
    me.pick("Versions")
    me.lists("january v1")
    me.press("Compare v2 with v1")
    me.reads(re.compile("1 of 18 columns drifted"), patience=JOB)
    expect(me.view.locator(".st-key-datasets-compare-moved")).to_contain_text("New: 'United' (1,824 rows)")
    me.refresh()
    me.reads("Most: carrier")
    assert me.complaints == []


def test_a_thousand_columns_are_a_light_page(me: Person, page: Page):
    received: list[int] = []
    page.on("websocket", lambda socket: heard(socket, received))
    for part in ("findings", "profile", "rows", "versions"):
        received.clear()
        me.open("datasets", project="sensors", show=part)
        me.told("200 rows, 1,000 columns")
        assert page.get_by_test_id("stPlotlyChart").count() <= 1
        assert sum(received) < MOST_BYTES
    me.open("datasets", project="sensors", show="profile")
    me.fill("Find a column", "sensor_0777")
    me.lists("sensor_0777")
    expect(me.view.locator(".st-key-datasets-column-panel")).to_contain_text("sensor_0777")
    assert me.complaints == []


def heard(socket: WebSocket, received: list[int]) -> None:
    socket.on("framereceived", lambda payload: received.append(len(payload)))

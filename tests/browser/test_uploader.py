"""The drop zone: how far a file has come, cancel, on after a broken connection, several files in their order."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from core.workspace.workspace import Workspace
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser
PARTS = re.compile("/api/v1/uploads/[0-9a-f]{32}$")
ROW = "2013-01-01T05:15:00,UA,1545,EWR,IAH,227,1400,no\n"
HEADER = "at,carrier,flight,origin,dest,minutes,miles,late\n"


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
def large(tmp_path: Path) -> Path:
    """Return a file of 20 MB: three parts."""
    path = tmp_path / "large.csv"
    path.write_text(HEADER + ROW * (20_000_000 // len(ROW)))
    return path


def slow_line(page: Page, bytes_a_second: int) -> CDPSession:
    """Make the page's line slow."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", conditions)
    return session


def left_on_disk(running: Fullcircle) -> list[str]:
    return [file.name for file in (running.home / "uploads").glob("*")]


def test_how_far_it_has_come_and_cancel(me: Person, running: Fullcircle, large: Path) -> None:
    me.open("check")
    before = left_on_disk(running)
    slow_line(me.page, 2_000_000)
    me.drop(large)
    me.reads(re.compile(r"\d+ %, [\d.]+ MB of 20\.0 MB, [\d.]+ (MB|kB)/s, \d+ (s|min) left"))
    bar = me.view.get_by_role("progressbar", name="How far large.csv has come")
    expect(bar).to_be_visible()
    with me.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        me.press("Cancel large.csv")
    me.reads("cancelled")
    expect(bar).to_be_hidden()
    assert left_on_disk(running) == before


def test_a_broken_connection_is_gone_on_with_by_itself(me: Person, large: Path) -> None:
    me.open("check")
    said: list[str] = []
    offsets: list[str] = []

    def break_the_second(route: Route) -> None:
        request = route.request
        if request.method == "PATCH":
            offsets.append(request.headers["upload-offset"])
        if request.method == "PATCH" and len(offsets) == 2:
            route.abort("connectionreset")
        else:
            said.append(request.method)
            route.continue_()

    me.page.route(PARTS, break_the_second)
    me.drop(large)
    me.told(re.compile("large.csv: .*rows, 8 columns"), patience=JOB)
    part = 8 * 2**20
    assert offsets == ["0", str(part), str(part), str(2 * part)]
    assert said == ["PATCH", "HEAD", "PATCH", "PATCH"]


def test_a_line_that_stays_dead_is_said_and_gone_on_with_by_hand(me: Person, large: Path) -> None:
    me.page.clock.install()
    me.open("check")
    me.page.route(PARTS, lambda route: route.abort("connectionreset"))
    me.drop(large)
    row = me.view.locator(".file")
    for seconds in (0.5, 1, 2, 4, 8, 15, 30):
        expect(row).to_contain_text(f"The connection broke at 0 %. Going on in {max(round(seconds), 1)} s.")
        me.page.clock.run_for(1000 * seconds + 100)
    expect(row).to_contain_text("several tries to go on did not help")
    me.page.unroute(PARTS)
    row.get_by_role("button", name="Try again large.csv").click()
    me.told(re.compile("large.csv: .*rows, 8 columns"), patience=JOB)


def test_what_the_server_refuses_is_said_in_its_words(me: Person, large: Path) -> None:
    me.open("check")
    sentence = "The file has 20 MB and the server's disk has 5 MB left. Make room there and drop the file again."
    me.page.route(re.compile("/api/v1/uploads$"), lambda route: route.fulfill(status=507, json={"error": sentence}))
    me.drop(large)
    me.reads(sentence)
    me.press("Leave out large.csv")
    me.reads("cancelled")


def test_several_files_become_versions_in_their_order(me: Person, workspace: Workspace, tmp_path: Path) -> None:
    project = workspace.projects.begin("Several at once")
    files = [tmp_path / f"{name}.csv" for name in ("zulu", "alpha", "mike")]
    for rows, file in enumerate(files, start=1):
        file.write_text(HEADER + ROW * 50 * rows)
    me.open("datasets", project=project.slug)
    me.drop(*files)
    me.told("zulu.csv is being checked")
    me.told(re.compile("several-at-once v1: 50 rows"), patience=JOB)
    versions = workspace.data.versions(project.id)
    assert [(version.number, version.file_name) for version in versions] == [
        (1, "zulu.csv"),
        (2, "alpha.csv"),
        (3, "mike.csv"),
    ]
    kinds = [job.kind for job in workspace.jobs.recent(project.id)]
    assert kinds == ["check_dataset"] * 3


_DROP = """(zone, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  zone.dispatchEvent(new DragEvent('dragover', {dataTransfer, bubbles: true, cancelable: true}));
  if (!zone.classList.contains('over')) throw Error('the zone does not show that it takes files');
  zone.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}));
}"""


def test_a_file_is_dropped_from_elsewhere(me: Person) -> None:
    me.open("check")
    me.view.locator(".zone").evaluate(_DROP, ["dragged.csv", HEADER + ROW * 40])
    me.told("dragged.csv: 40 rows, 8 columns", patience=JOB)
    assert me.complaints == []


def test_leaving_the_page_gives_up_what_had_not_arrived(me: Person, running: Fullcircle, large: Path) -> None:
    me.open("check")
    before = left_on_disk(running)
    slow_line(me.page, 1_000_000)
    me.drop(large)
    me.reads(re.compile("%, .* of 20.0 MB"))
    with me.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        me.page.get_by_test_id("stSidebar").get_by_role("link", name="Projects").first.click()
    assert left_on_disk(running) == before


def test_more_files_than_a_view_takes(me: Person, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(3)]
    for file in files:
        file.write_text(HEADER + ROW * 30)
    me.open("check")
    me.page.route(PARTS, lambda _: None)  # nothing arrives
    me.drop(*files)
    me.reads("2 files at a time: the first 2 of 3 are taken.")
    expect(me.view.locator(".file b")).to_contain_text(["0.csv", "1.csv"])

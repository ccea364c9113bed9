"""From what moved to the rows that it hurts: quadrant, feature, slice, rows."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Start
from tests.browser.person import Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(built_demo: Path, tmp_path_factory: pytest.TempPathFactory, fullcircle: Start) -> Fullcircle:
    return fullcircle("up", Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("hurting") / "home")))


def test_a_point_of_the_quadrant_leads_to_a_slice_and_the_slice_to_its_rows(page: Page, running: Fullcircle):
    me = Person(page, running.address)
    me.open("drift", project="flights", by="importance", column="carrier")
    names = page.locator(".st-key-drift-quadrant .textpoint text").all_text_contents()
    assert "temp" in names
    temp = page.locator(".st-key-drift-quadrant .textpoint").filter(has_text=re.compile("^temp$"))
    box = temp.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] + 7)  # the point is under its name
    expect(page).to_have_url(re.compile("column=temp"))
    me.follow("Where does it hurt?")
    me.reads(re.compile("temp above 64.4"))
    me.reads(re.compile("slices? looked at"))
    me.choose_row(0)
    expect(page).to_have_url(re.compile("slice=[0-9a-f]{64}"))
    me.reads(re.compile("rows that turned out positive, the worst first"))
    with page.expect_download() as download:
        me.press("Download CSV", within=page.locator(".st-key-hurting-rows-download"))
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("entity_id,event_time,label,predicted,score,temp")
    assert len(lines) > 1_000
    me.refresh()
    me.reads(re.compile("rows that turned out positive, the worst first"))
    assert not me.complaints
    assert not me.outside

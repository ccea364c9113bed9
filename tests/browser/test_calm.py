"""Before the first scroll at 1280x800: one chart, one table, one filled button, and no word clipped off the page."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Start
from tests.fullcircle_process import Fullcircle

VIEWS = [
    "overview",
    "documents",
    "datasets",
    "contract",
    "runs",
    "errors",
    "release",
    "deployment",
    "drift",
    "performance",
    "cases",
    "thread",
]
ABOVE = """selector => [...document.querySelectorAll(selector)].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.top < 800 && box.bottom > 0;
}).length"""


@pytest.fixture(scope="module")
def running(built_demo: Path, tmp_path_factory: pytest.TempPathFactory, fullcircle: Start) -> Fullcircle:
    return fullcircle("up", Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("calm") / "home")))


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_one_of_each_before_the_first_scroll(page: Page, running: Fullcircle, view: str):
    page.goto(f"{running.address}/{view}?project=flights")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]')
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    charts = page.evaluate(ABOVE, "[data-testid=stPlotlyChart]")
    # the panel of a column stands beside the heatmap: what moved and how
    assert charts <= (2 if view == "drift" else 1)
    assert page.evaluate(ABOVE, "[data-testid=stDataFrame]") <= 1
    assert page.evaluate(ABOVE, "[data-testid=stMain] button[kind=primary]") <= 1
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280

"""Page switch on the flights project, warm, in Chromium: from the click to the painted page. Budget: p95 <= 300 ms.

The floor is Streamlit's own, measured in the same rounds: the same switch between two views that show a text. Figures
are printed; nothing here fails on a busy machine.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from dashboard.navigation import VIEWS
from tests.browser.conftest import (  # noqa: F401 - fixtures
    base_url,
    browser_context_args,
    browser_type_launch_args,
)
from tests.fullcircle_process import Fullcircle

ROUNDS = 10
PAUSE_MS = 200  # between switches: a person reads, and what the last one left behind is over
FLOOR = ("Two", "One")
LISTED = tuple(view.title for view in VIEWS if view.listed)

SWITCH = """
title => new Promise((done, fail) => {
  const link = [...document.querySelectorAll('[data-testid=stSidebar] a')].find(a => a.innerText.endsWith(title));
  const painted = () =>
    document.querySelector('[data-testid=stMain] h1')?.innerText.trim() === title &&
    document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning' &&
    !document.querySelector('[data-stale=true], [data-testid=stSkeleton]') &&
    [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg')) &&
    [...document.querySelectorAll('[data-testid=stDataFrame]')].every(table => table.querySelector('canvas'));
  const look = () => {
    if (painted()) requestAnimationFrame(() => done(performance.now() - begun));
    else if (performance.now() - begun > 20000) fail(new Error(title + ' was not painted within 20 s'));
    else requestAnimationFrame(look);
  };
  const begun = performance.now();
  link.click();
  requestAnimationFrame(look);
})
"""
"""A frame after the page is whole: heading, end of the script, nothing of the last page, charts and tables drawn."""


def switch(page: Page, title: str) -> float:
    """Return the milliseconds from the click on a sidebar's entry to the painted page."""
    page.wait_for_timeout(PAUSE_MS)
    return page.evaluate(SWITCH, title)


def measure(dashboard: Page, floor: Page) -> dict[str, list[float]]:
    """Return the times of all views and of the floor, taken in turns, after each was seen once."""
    measured: dict[str, list[float]] = {title: [] for title in (*LISTED, *FLOOR)}
    for number in range(ROUNDS + 1):
        for page, titles in ((dashboard, LISTED), (floor, FLOOR * 3)):
            page.bring_to_front()
            times = [(title, switch(page, title)) for title in titles]
            for title, took in times if number else ():
                measured[title].append(took)
    return measured


def report(measured: dict[str, list[float]]) -> str:
    """Return the table that is printed."""
    floor = [took for title in FLOOR for took in measured[title]]
    views = [took for title in LISTED for took in measured[title]]
    rows = [(title, measured[title]) for title in LISTED] + [("All views", views), ("Floor: a text", floor)]
    lines = [
        f"{name:18} p50 {np.median(took):5.0f} ms  p95 {np.quantile(took, 0.95):5.0f} ms  "
        f"{np.median(took) / np.median(floor):4.1f} x the floor"
        for name, took in rows
    ]
    busy = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {ROUNDS} rounds"
    return "\n".join(["", f"Page switch, click to painted ({busy}); budget: p95 300 ms", *lines])


@contextmanager
def two_texts() -> Generator[str]:
    """Serve the floor's two views and give its address."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    script = Path(__file__).with_name("two_texts.py")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def opened(browser: Browser, address: str) -> Page:
    """Return a page of its own at an address, once all of it is there."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    ends = time.monotonic() + 60
    while True:
        try:
            page.goto(address)
            break
        except Exception as error:
            if not re.search("CONNECTION_REFUSED", str(error)) or time.monotonic() > ends:
                raise
            time.sleep(0.2)
    page.get_by_test_id("stSidebar").get_by_role("link").last.wait_for(timeout=60_000)
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=60_000)
    return page


def test_page_switch(browser: Browser, demo_home: Path, capsys: pytest.CaptureFixture[str]):
    running = Fullcircle("up", demo_home).wait_until_ready()
    try:
        with two_texts() as floor:
            pages = opened(browser, f"{running.address}/overview?project=flights"), opened(browser, floor)
            measured = measure(*pages)
    finally:
        running.end()
    with capsys.disabled():
        print(report(measured))

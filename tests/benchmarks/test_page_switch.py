"""Page switch on the flights project, warm, in Chromium: from the click to the painted page. Budget: p95 <= 300 ms.

The floor is Streamlit's own: the same switch between two views that show a text. Nothing here fails on a busy machine.
"""

import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from tests.browser.conftest import browser_context_args, browser_type_launch_args  # noqa: F401 - fixtures
from tests.fullcircle_process import Fullcircle

VIEWS = ["Overview", "Runs", "Release", "Drift", "Performance", "Cases", "Thread", "Datasets", "Documents"]
ROUNDS = 5


def switch(page: Page, title: str) -> float:
    begun = time.perf_counter()
    page.get_by_test_id("stSidebar").get_by_text(title, exact=True).first.click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]')
    return (time.perf_counter() - begun) * 1000


def test_page_switch(page: Page, demo_home: Path):
    running = Fullcircle("up", demo_home).wait_until_ready()
    try:
        page.goto(f"{running.address}/overview?project=flights")
        page.get_by_role("heading", level=1).wait_for()
        for title in VIEWS:
            switch(page, title)
        measured = {title: [switch(page, title) for _ in range(1)] for title in VIEWS}
        for _ in range(ROUNDS - 1):
            for title in VIEWS:
                measured[title].append(switch(page, title))
    finally:
        running.end()
    for title, times in measured.items():
        print(f"{title:12} p50 {np.median(times):6.0f} ms  max {max(times):6.0f} ms")
    everything = np.concatenate(list(measured.values()))
    print(f"{'all':12} p50 {np.median(everything):6.0f} ms  p95 {np.quantile(everything, 0.95):6.0f} ms")

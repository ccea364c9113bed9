"""Logged runs of 1,500 runs x 1,500 metrics, warm, in Chromium: from the address to the page whose text stays.

Target: 2 s, on the page and on a comparison. Figures are medians and are printed with the load.
"""

import os
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from core.modelling.tracking.search.query import run_query
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.benchmarks.many_runs import many_runs
from tests.benchmarks.test_page_switch import opened
from tests.browser.conftest import (  # noqa: F401 - fixtures
    base_url,
    browser_context_args,
    browser_type_launch_args,
)
from tests.fullcircle_process import Fullcircle
from tests.small_projects import begun, guessed, sklearn_csv

ROUNDS, ENOUGH_MS = 5, 2_000
PARTS = {
    "the best by a metric, the table": "",
    "another metric": "&metric=metric_0700",
    "in the order of a metric": "&by=auc",
    "the mean of 150 steps": "&columns=mean:metrics.auc,highest:metrics.loss,params.depth",
    "grouped by a parameter": "&group=params.depth",
    "a filter": "&where=metrics.metric_0700 > 0.5 and params.depth = '6'",
    "curves": "&chart=curves",
}

WHOLE = """
() => new Promise((done, fail) => {
  const begun = performance.now();
  let text = '', since = 0;
  const whole = () =>
    document.querySelector('[data-testid=stMain] h1')?.innerText.trim() === 'Logged runs' &&
    document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning' &&
    !document.querySelector('[data-stale=true], [data-testid=stSkeleton]') &&
    document.querySelector('[data-testid=stPlotlyChart] .main-svg') &&
    document.querySelector('[data-testid=stDataFrame] canvas');
  const look = () => {
    const now = performance.now(), said = whole() ? document.querySelector('[data-testid=stMain]').innerText : '';
    if (said !== text) { text = said; since = now; }
    if (text && now - since > 500) done(since);
    else if (now - begun > 60000) fail(new Error('not painted within a minute'));
    else requestAnimationFrame(look);
  };
  look();
})
"""
"""Milliseconds from the navigation to the last change of a page that is whole and then stays for half a second."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home, folder = tmp_path_factory.mktemp("many"), tmp_path_factory.mktemp("files")
    workspace, csv = Workspace.open(Settings(home=home)), sklearn_csv("breast_cancer", folder)
    begun(workspace, csv, guessed(csv))
    workspace.close()
    return home, many_runs(home, "small")


def some_runs(home: Path, experiment: str, count: int) -> list[str]:
    workspace = Workspace.open(Settings(home=home))
    runs = workspace.tracking.table(run_query(limit=count), [experiment], ()).runs
    workspace.close()
    return [run.id for run in runs]


def milliseconds(page: Page, address: str) -> float:
    page.goto(address, wait_until="commit")
    return page.evaluate(WHOLE)


def test_many_runs_are_painted_within_two_seconds(
    browser: Browser, filled: tuple[Path, str], capsys: pytest.CaptureFixture[str]
):
    home, experiment = filled
    running = Fullcircle("up", home).wait_until_ready()
    try:
        first = f"{running.address}/logged?project=small&experiment={experiment}"
        page = opened(browser, first)
        parts = PARTS | {"8 runs held against one another": f"&runs={','.join(some_runs(home, experiment, 8))}"}
        took = {name: [milliseconds(page, first + more) for _ in range(ROUNDS + 1)][1:] for name, more in parts.items()}
    finally:
        running.end()
    with capsys.disabled():
        print(f"\n1,500 runs x 1,500 metrics, from the address to the whole page (load {os.getloadavg()[0]:.1f})")
        for name, all_took in took.items():
            print(f"{name:34} median {median(all_took):6,.0f} ms  slowest {max(all_took):6,.0f} ms")
    assert {name for name, all_took in took.items() if median(all_took) > ENOUGH_MS} == set()

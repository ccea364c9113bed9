"""The Drift page of a thousand columns by a year of weeks, in Chromium: from the click to the painted page.

Budget: 1 s at the first visit, from what the windows keep. The floor is the same page of the flights project, which
`test_page_switch.py` measures. Figures are printed; nothing here fails on a busy machine.
"""

import io
import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.picture import to_table
from core.ids import new_id
from core.modelling.run import Feature
from core.settings import Settings
from core.statistics.estimate import Interval
from core.workspace.workspace import Workspace
from tests.benchmarks.test_page_switch import opened, switch
from tests.browser.conftest import browser_context_args, browser_type_launch_args  # noqa: F401 - fixtures
from tests.fullcircle_process import Fullcircle
from tests.small_projects import Small, begun, guessed, replayed, serving, sklearn_csv, trained

COLUMNS, WEEKS = 1_000, 52
NAMES = [f"sensor_{number:04d}" for number in range(COLUMNS)]


@pytest.fixture
def wide_home(tmp_path: Path) -> Path:
    """Return a workspace whose one project has a thousand inputs and a year of windows."""
    csv = sklearn_csv("breast_cancer", tmp_path)
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    small = replayed(serving(trained(begun(workspace, csv, guessed(csv)), ("logistic",)), "logistic"))
    widen(small)
    workspace.close()
    return tmp_path / "home"


def widen(small: Small) -> None:
    """Give the champion a thousand inputs, and the project a year of windows that compared all of them."""
    workspace, life, chance = small.workspace, small.life, np.random.default_rng(1)
    version = life.champion
    assert version is not None
    run, last = life.run(version.run_id), life.windows[-1]
    assert run is not None
    features = tuple(replace(version.features[0], name=name) for name in NAMES)
    importance = dict(zip(NAMES, chance.exponential(0.01, COLUMNS).tolist(), strict=True))
    kept = _pictures(small, version.features[0])
    with workspace._storage.write() as records:
        records.replace(replace(version, features=features))
        records.replace(replace(run, features=features, importance=importance))
        for week in range(1, WEEKS + 1):
            later = timedelta(days=7 * week)
            records.add(
                replace(
                    last,
                    id=new_id(),
                    starts=last.starts + later,
                    ends=last.ends + later,
                    drift=_compared(chance),
                    outside=dict(zip(NAMES, chance.beta(1, 200, COLUMNS).tolist(), strict=True)),
                    pictures=kept,
                )
            )
        records.bump_revision(small.project.id)


def _pictures(small: Small, feature: Feature) -> str:
    one, buffer = small.workspace.drift.picture(small.life.windows[-1], feature.name), io.BytesIO()
    assert one is not None
    to_table([replace(one, column=name) for name in NAMES]).write_parquet(buffer, row_group_size=64)
    return small.workspace._storage.artifacts.put_bytes(buffer.getvalue())


def _compared(chance: np.random.Generator) -> tuple[ColumnDrift, ...]:
    effects = chance.beta(1, 12, COLUMNS).tolist()
    return tuple(
        ColumnDrift(
            column=name,
            kind="number",
            verdict=DriftVerdict.DRIFTED if effect > 0.15 else DriftVerdict.STABLE,
            method="ks",
            statistic=effect,
            effect=effect,
            interval=Interval(lower=max(effect - 0.03, 0.0), upper=effect + 0.03),
            margin=0.05,
            p_value=float(np.exp(-40 * effect)),
            q_value=float(np.exp(-30 * effect)),
            n_reference=100_000,
            n_current=7_000,
            n_blocks=7,
            note="The median moved from 12.4 to 12.9.",
        )
        for name, effect in zip(NAMES, effects, strict=True)
    )


def test_a_thousand_columns_by_a_year(browser: Browser, wide_home: Path, capsys: pytest.CaptureFixture[str]):
    workspace = Workspace.open(Settings(home=wide_home))
    project = workspace.projects.all()[0]
    begun_at = time.process_time()
    workspace.thread.life(project.id)
    reading = time.process_time() - begun_at
    workspace.close()
    running = Fullcircle("up", wide_home).wait_until_ready()
    try:
        page = opened(browser, f"{running.address}/check_files?project={project.slug}")
        first = switch(page, "Drift")
        switch(page, "Performance")
        again = switch(page, "Drift")
    finally:
        running.end()
    with capsys.disabled():
        print(
            f"\n{COLUMNS:,} columns x {WEEKS} weeks: Drift painted in {first:,.0f} ms at the first visit, {again:,.0f} "
            f"ms then; reading all records {reading:.2f} s of CPU; load {os.getloadavg()[0]:.1f}"
        )

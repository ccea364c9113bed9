from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import numpy as np
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.workspace.workspace import Workspace
from dashboard import session
from tests.small_projects import Small, begun, guessed, replayed, serving, trained


@pytest.fixture(scope="session")
def turned_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a project whose world turns in its last third: recall holds on the hold-out, and not after."""
    folder = tmp_path_factory.mktemp("turned")
    workspace = Workspace.open(Settings(home=folder / "home", database_url=None))
    csv = folder / "turned.csv"
    turned(rows=900).write_csv(csv)
    small = begun(workspace, csv, guessed(csv), name="Turned")
    replayed(serving(trained(small, ("majority", "logistic")), "logistic"))
    workspace.close()
    return folder / "home"


def turned(rows: int) -> pl.DataFrame:
    """Return ten rows a day with a target that ``x`` tells, the other way round in the last third."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=rows)
    late = np.arange(rows) >= rows * 2 // 3
    y = (np.where(late, -x, x) + rng.normal(scale=0.5, size=rows)) > 0
    at = [datetime(2024, 1, 1) + timedelta(hours=2.4 * i) for i in range(rows)]  # noqa: DTZ001 - as a file has them
    return pl.DataFrame({"order_id": [f"o{i}" for i in range(rows)], "at": at, "x": x, "y": y})


@pytest.fixture
def turned_project(
    turned_home: Path, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Small]:
    """That project in a home of the test's own, which the pages open instead of the empty one."""
    del workspace
    copytree(turned_home, tmp_path / "turned")
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "turned"))
    st.cache_resource.clear()
    opened = session.workspace()
    yield Small(opened, opened.projects.get("turned"))
    st.cache_resource.clear()


Shown = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    """Return everything that a page says."""
    return "\n".join(str(e.value) for e in [*app.title, *app.markdown, *app.error, *app.warning] if e.value)


def pressed(app: AppTest, label: str) -> AppTest:
    """Press the button that is called so."""
    return next(button for button in app.button if button.label == label).click().run()

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.scoping.project import Project, Task, TaskKind
from core.workspace.workspace import Workspace
from dashboard import session


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace that the pages open as their own."""
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    yield session.workspace()
    st.cache_resource.clear()


@pytest.fixture
def project(workspace: Workspace) -> Project:
    """A project in which nothing has happened yet."""
    task = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "carrier"), time="departure", positive="1")
    return workspace.projects.begin("Flights", task=task, time_zone="America/New_York")


@pytest.fixture
def open_view(workspace: Workspace) -> Callable[..., AppTest]:
    """Open a view inside the frame, as its address would: ``open_view("run", project="flights", id=run.id)``."""

    def opened(view: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=30)
        app._page_hash = calc_hash(view)  # AppTest itself knows only pages that are files
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return opened

"""Every view, on an empty project, a project of one row, and the flights project, in both themes."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.lifecycle.life import Life
from core.scoping.project import Project, Task, TaskKind
from core.workspace.workspace import Workspace
from dashboard import session
from dashboard.navigation import VIEWS
from tests.small_projects import carry_out

RECORDS: dict[str, Callable[[Life], str]] = {
    "document": lambda life: life.documents[0].id,
    "criterion": lambda life: life.criteria[0].id,
    "dataset": lambda life: life.datasets[0].id,
    "run": lambda life: life.runs[-1].id,
    "model_version": lambda life: life.versions[0].id,
    "window": lambda life: life.windows[-1].id,
    "alert": lambda life: life.alerts[0].id,
}
LISTED = [view.key for view in VIEWS if view.key not in RECORDS]
ALL = [view.key for view in VIEWS]
RED = {"not met", "error", "failed", "closed", "down", "new", "reopened", "needs you", "broken"}
CIRCLE = [
    "overview",
    "documents",
    "datasets",
    "runs",
    "errors",
    "release",
    "deployment",
    "drift",
    "performance",
    "cases",
    "thread",
]


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Iterator[str]:
    """The theme, for all views of a workspace in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "theme", lambda: request.param)
        yield request.param


@pytest.fixture(scope="module")
def on_home() -> Iterator[Callable[[Path], Workspace]]:
    """Let the pages open the workspace in a folder."""
    with pytest.MonkeyPatch.context() as patch:

        def opened(home: Path) -> Workspace:
            patch.setenv("FULLCIRCLE_HOME", str(home))
            st.cache_resource.clear()
            return session.workspace()

        yield opened
    st.cache_resource.clear()


def shown(view: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=60)
    app._page_hash = calc_hash(view)  # AppTest itself knows only pages that are files
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(
        element.value for element in [*app.markdown, *app.caption, *app.error, *app.warning] if element.value
    )


def red_words(app: AppTest) -> set[str]:
    """Return what stands in red: the words of badges and of coloured text, without icons and marks."""
    found = re.findall(r":red(?:-badge|-background)?\[((?:[^\[\]]|\[[^\]]*\])*)\]", texts(app))
    return {re.sub(r":material/\w+:|[^\w ]", "", word).strip() for word in found} - {""}


def check(app: AppTest) -> None:
    assert not app.exception, app.exception[0].value
    assert "Something went wrong" not in texts(app)
    assert "Traceback" not in texts(app)


@pytest.fixture(scope="module")
def empty(on_home, tmp_path_factory: pytest.TempPathFactory, theme: str) -> Project:
    return on_home(tmp_path_factory.mktemp("empty")).projects.begin("Nothing yet")


@pytest.fixture(scope="module")
def one_row(on_home, tmp_path_factory: pytest.TempPathFactory, theme: str) -> Project:
    workspace = on_home(tmp_path_factory.mktemp("one"))
    csv = tmp_path_factory.mktemp("csv") / "one.csv"
    csv.write_text("a,late\n1,1\n")
    project = workspace.projects.begin(
        "One row", task=Task(kind=TaskKind.BINARY, target="late", inputs=("a",), positive="1")
    )
    version, job = workspace.data.drop(project.id, csv, file_name="one.csv")
    carry_out(workspace, job)
    workspace.data.accept(version.id)
    return workspace.projects.get(project.id)


@pytest.fixture(scope="module")
def flights(on_home, built_demo: Path, tmp_path_factory: pytest.TempPathFactory, theme: str) -> Life:
    workspace = on_home(Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("demo") / "home")))
    return workspace.thread.life(workspace.projects.get("flights").id)


@pytest.mark.parametrize("view", LISTED)
def test_an_empty_project_says_what_will_appear(empty: Project, view: str):
    check(shown(view, project=empty.slug))


@pytest.mark.parametrize("view", LISTED)
def test_one_row(one_row: Project, view: str):
    check(shown(view, project=one_row.slug))


@pytest.mark.parametrize("view", ALL)
def test_the_flights_project(flights: Life, view: str):
    record = {"id": RECORDS[view](flights)} if view in RECORDS else {}
    check(shown(view, project="flights", **record))


@pytest.mark.parametrize("view", CIRCLE)
def test_calm(flights: Life, view: str):
    app = shown(view, project="flights")
    filled = [button for button in app.button if button.proto.type == "primary"]
    assert len(filled) <= 1, [button.label for button in filled]
    assert len(app.metric) <= 4
    for frame in app.dataframe:
        visible = list(frame.proto.column_order) or list(frame.value.columns)
        assert len(visible) <= 7, visible
    assert red_words(app) <= RED
    words = texts(app).lower()
    for banned in ("successfully", "drift detected", "anomaly", "incident"):
        assert banned not in words, banned
    assert not re.search(r"\d\.\d{7,}", texts(app)), "a figure that nobody has formatted"

"""The frame opens every view, in an empty workspace and in a fresh project."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.scoping.project import Project
from core.workspace.workspace import Workspace
from dashboard.components.tour import STEPS
from dashboard.components.view import View
from dashboard.navigation import VIEWS
from dashboard.vocabulary import PHASES

Open = Callable[..., AppTest]
RECORDS = {"document", "criterion", "dataset", "run", "model_version", "window", "alert"}


def _texts(app: AppTest) -> str:
    return " ".join([*(m.value for m in app.markdown), *(t.value for t in app.title), *(e.value for e in app.error)])


def test_views_have_addresses_of_their_own() -> None:
    keys = [view.key for view in VIEWS]
    assert len(set(keys)) == len(keys)
    assert len({view.module for view in VIEWS}) == len(VIEWS)
    assert {view.phase for view in VIEWS} == {*PHASES, ""}
    assert sum(view.listed for view in VIEWS) == 15
    assert {step[0] for step in STEPS} <= set(keys)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
def test_every_view_of_the_table_can_be_shown(view: View) -> None:
    assert callable(importlib.import_module(f"dashboard.views.{view.module}").render)
    assert view.question.endswith("?")


def test_a_view_is_imported_when_it_is_opened() -> None:
    source = (Path(dashboard.__file__).parent / "navigation.py").read_text()
    imports = [line for line in source.splitlines() if line.startswith(("from ", "import "))]
    assert not [line for line in imports if "dashboard.views" in line]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
def test_every_view_opens_in_an_empty_workspace(open_view: Open, view: View) -> None:
    app = open_view(view.key)
    assert not app.exception
    if view.needs_project:
        assert "No project yet" in _texts(app)


@pytest.mark.parametrize("view", [v for v in VIEWS if v.key not in RECORDS], ids=lambda view: view.key)
def test_every_view_opens_in_a_fresh_project(open_view: Open, project: Project, view: View) -> None:
    app = open_view(view.key, project=project.slug)
    assert not app.exception
    assert app.title
    assert len([b for b in app.main.button if b.proto.type == "primary"]) <= 1


def test_the_only_project_is_at_hand_without_being_named(open_view: Open, project: Project) -> None:
    app = open_view("overview")
    assert app.query_params["project"] == project.slug


def test_several_projects_are_chosen_from(open_view: Open, workspace: Workspace, project: Project) -> None:
    workspace.projects.begin("Churn")
    app = open_view("overview")
    assert "Choose one" in _texts(app)
    assert {link.value for link in app.main.page_link} >= {"Flights", "Churn"}


def test_a_project_of_another_workspace_is_told_so(open_view: Open, project: Project) -> None:
    app = open_view("overview", project="elsewhere")
    assert not app.exception
    assert "There is no project" in app.error[0].value


def test_switching_the_project_keeps_the_view(open_view: Open, workspace: Workspace, project: Project) -> None:
    other = workspace.projects.begin("Churn")
    app = open_view("help", project=project.slug)
    assert [link.value for link in app.sidebar.page_link][:3] == ["Projects", "Check files", "Overview"]
    app.selectbox[0].select(other.slug).run()
    assert app.query_params["project"] == other.slug


def test_the_side_lists_each_view_under_its_phase(open_view: Open, project: Project) -> None:
    app = open_view("overview", project=project.slug)
    listed = [view.title for view in VIEWS if view.listed]
    assert [link.value for link in app.sidebar.page_link if link.value in listed] == listed


def test_the_tour_walks_from_view_to_view(open_view: Open, project: Project) -> None:
    app = open_view("tour", project=project.slug)
    app.button(key="tour-begin").click().run()
    assert f"{STEPS[0][1]}** :gray[:small[1 of {len(STEPS)}]]" in _texts(app)
    app._page_hash = calc_hash(STEPS[0][0])  # where the browser is by now
    app.run().button(key="tour-next").click().run()
    assert f"{STEPS[1][1]}** :gray[:small[2 of {len(STEPS)}]]" in _texts(app)
    app._page_hash = calc_hash(STEPS[1][0])
    app.run().button(key="tour-end").click().run()
    assert f"of {len(STEPS)}" not in _texts(app)


def test_a_hostile_project_name_stays_text(open_view: Open, workspace: Workspace) -> None:
    project = workspace.projects.begin("[x](http://y) :red[boo] <script>")
    workspace.projects.begin("Second")
    app = open_view("overview")
    labels = [link.proto.label for link in app.main.page_link]
    assert any("\\[x\\]" in label and "\\:red" in label for label in labels)
    assert project.slug

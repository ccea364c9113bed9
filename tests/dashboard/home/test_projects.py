from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.scoping.project import Project
from core.workspace.workspace import Workspace
from tests.dashboard.home.conftest import pressed, texts
from tests.small_projects import Small

Open = Callable[..., AppTest]


def test_the_sentence_names_the_project_that_waits(turned_project: Small, open_view: Open):
    turned_project.workspace.projects.begin("Quiet")
    said = texts(open_view("projects"))
    assert "2 projects. **Turned** waits: look at the alert on K1; nothing else waits for you." in said
    case = turned_project.workspace.iteration.open_case(turned_project.life.alerts[0].id)
    assert case.number == 1
    assert "**Turned** has 1 open case; nothing else waits for you." in texts(open_view("projects"))


def test_no_project_offers_a_file_first(workspace: Workspace, open_view: Open):
    app = open_view("projects")
    assert not app.exception
    assert [b.label for b in app.button if b.proto.type == "primary"] == ["Begin with a file"]


def test_a_project_is_archived_and_taken_back(project: Project, workspace: Workspace, open_view: Open):
    app = open_view("projects")
    app.button(key=f"projects-archive-{project.id}").click().run()
    assert not app.exception
    assert workspace.projects.all() == []
    app.button(key="undo-button").click().run()
    assert [p.id for p in workspace.projects.all()] == [project.id]


def test_an_archived_project_is_restored(project: Project, workspace: Workspace, open_view: Open):
    workspace.projects.archive(project.id)
    app = open_view("projects")
    app.button(key=f"projects-restore-{project.id}").click().run()
    assert [p.id for p in workspace.projects.all()] == [project.id]


def test_a_new_project_begins_with_a_file_or_a_name(project: Project, open_view: Open):
    app = pressed(open_view("projects"), "New project")
    assert not app.exception
    assert {"Begin with a file", "Begin"} <= {button.label for button in app.button}
    assert [box.label for box in app.text_input] == ["Name"]


def test_a_name_is_shown_as_it_was_typed(workspace: Workspace, open_view: Open):
    workspace.projects.begin("A *b* [c](http://d) :red[e]")
    assert "**A \\*b\\* \\[c\\]\\(http\\://d\\) \\:red\\[e\\]**" in " ".join(
        link.proto.label for link in open_view("projects").get("page_link")
    )

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.scoping.project import Project
from core.workspace.workspace import Workspace
from dashboard.components.activity import say
from tests.dashboard.home.conftest import pressed, texts
from tests.small_projects import Small

Open = Callable[..., AppTest]


def test_the_sentence_names_what_serves_what_is_not_met_and_what_is_next(turned_project: Small, open_view: Open):
    app = open_view("overview", project="turned")
    assert not app.exception
    said = texts(app)
    assert "Serving *small 1*; recall **0." in said
    threshold = turned_project.life.criteria_in_force[0].threshold
    assert f"agreed at least {threshold:.3f}: **not met** since " in said
    assert "Next: look at the alert on K1." in said
    assert [b.label for b in app.button if b.proto.type == "primary"] == ["Look at the alert on K1"]


def test_every_criterion_is_a_line_of_the_strip(turned_project: Small, open_view: Open):
    app = open_view("overview", project="turned")
    (chart,) = app.get("plotly_chart")
    assert all(c.key in chart.proto.spec for c in turned_project.life.criteria_in_force)


def test_the_next_step_leads_to_its_record(turned_project: Small, open_view: Open):
    app = pressed(open_view("overview", project="turned"), "Look at the alert on K1")
    alert = turned_project.life.alerts[0]
    assert app.query_params["id"] == alert.id


def test_a_project_in_which_nothing_happened_offers_the_first_act(project: Project, open_view: Open):
    app = open_view("overview", project=project.slug)
    assert not app.exception
    assert "Nothing serves yet: **0 of 6 phases** begun. Next: drop a dataset." in texts(app)
    assert "Nothing waits on you." in texts(app)
    assert [b.label for b in app.button if b.proto.type == "primary"] == ["Drop a dataset"]


def test_every_event_of_the_ledger_has_its_words(turned_project: Small):
    life = turned_project.life
    said = [say(event, life) for event in turned_project.workspace.thread.ledger(turned_project.project.id)]
    told = [one.plain for one in said]
    assert told[0] == "You began the project Turned"
    assert "You signed the goals, version 1" in told
    assert "You put small 1 into service" in told
    assert any(text.startswith("Alert on K1: 0.") for text in told)
    assert not [text for text in told if "**" in text or ":gray" in text]
    assert {one.view for one in said} >= {"document", "criterion", "dataset", "model_version", "alert"}


def test_while_the_demo_is_built_the_page_says_how_far_it_is(workspace: Workspace, open_view: Open):
    job = workspace.jobs.request("build_demo", "Build the flights project")
    app = open_view("overview")
    assert not app.exception
    assert "The flights project is being built" in texts(app)
    workspace.projects.begin("Late flights", slug="flights")
    workspace.jobs.claim(job.id)
    workspace.jobs.progress(job.id, 0.35, "deployment")
    app = open_view("overview", project="flights")
    assert not app.exception
    assert "The flights project is being built" in texts(app)
    workspace.jobs.finish(job.id)
    app = open_view("overview", project="flights")
    assert {"Walk me round (5 min)", "Use my own file"} <= {button.label for button in app.button}


def test_a_demo_that_could_not_be_built_says_why(workspace: Workspace, open_view: Open):
    job = workspace.jobs.request("build_demo", "Build the flights project")
    workspace.jobs.claim(job.id)
    workspace.jobs.fail(job.id, "The disk is full.")
    assert "The disk is full." in "".join(e.value for e in open_view("overview").error)

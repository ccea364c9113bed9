"""The frame round every view: addresses, search, the switcher, the bell, a phone."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.navigation import VIEWS
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(built_demo: Path, tmp_path_factory: pytest.TempPathFactory, fullcircle: Start) -> Fullcircle:
    started = fullcircle("up", Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("frame") / "home")))
    started.workspace().projects.begin("Another one")
    return started


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    return Person(page, running.address)


def test_a_record_lasts_over_f5_and_back(me: Person, running: Fullcircle) -> None:
    workspace = running.workspace()
    run = workspace.thread.life(workspace.projects.get("flights").id).runs[1]
    me.open("run", project="flights", id=run.id)
    me.at("Logistic regression")
    me.refresh()
    me.at("Logistic regression")
    assert run.id in me.page.url
    me.enter("Overview")
    me.page.go_back()
    me.at("Logistic regression")
    assert run.id in me.page.url
    me.page.go_forward()
    me.at("Overview")


def test_a_box_over_several_weeks_of_drift_is_looked_at_as_one(me: Person) -> None:
    me.open("drift", project="flights")
    me.told("in the week 25 Jun to 1 Jul 2013")
    plot = me.view.locator(".st-key-drift-heatmap .nsewdrag").bounding_box()
    assert plot is not None
    week = plot["width"] / 12
    me.page.mouse.move(plot["x"] + 9.2 * week, plot["y"] + 5)
    me.page.mouse.down()
    me.page.mouse.move(plot["x"] + 11.8 * week, plot["y"] + 30, steps=8)
    me.page.mouse.up()
    me.told("in 11 Jun to 1 Jul 2013", patience=JOB)
    assert "since=" in me.page.url
    me.pick("How far")
    me.reads("How was this computed?")
    me.pick("By importance")
    expect(me.view.locator(".st-key-drift-quadrant .js-plotly-plot")).to_be_visible()
    me.refresh()
    me.told("in 11 Jun to 1 Jul 2013")
    me.page.go_back()
    me.page.go_back()
    me.page.go_back()
    me.told("in the week 25 Jun to 1 Jul 2013")


def test_the_chosen_column_of_drift_lasts(me: Person) -> None:
    me.open("drift", project="flights", column="pressure")
    panel = me.view.locator(".st-key-drift-panel").get_by_role("heading", name=re.compile("pressure"))
    expect(panel).to_be_visible()
    me.refresh()
    expect(panel).to_be_visible()


def test_ctrl_k_opens_a_record(me: Person) -> None:
    me.open("overview", project="flights")
    me.page.keyboard.press("Control+k")
    box = me.dialog.get_by_role("searchbox").or_(me.dialog.get_by_role("textbox"))
    expect(box).to_be_focused()
    me.page.keyboard.type("gradient")
    me.dialog.get_by_role("link", name=re.compile("Gradient|boosting")).first.click()
    me.at("Gradient boosting")
    expect(me.dialog).to_have_count(0)


def test_the_switcher_keeps_the_view(me: Person) -> None:
    me.open("runs", project="flights")
    sidebar = me.page.get_by_test_id("stSidebar")
    me.choose("Project", "Another one", within=sidebar)
    me.reads("No run yet")
    assert "project=another-one" in me.page.url
    assert "/runs" in me.page.url
    me.choose("Project", "Late flights", within=sidebar)
    me.told("Best: Logistic regression")


def test_the_bell_leads_to_what_waits(me: Person) -> None:
    me.open("runs", project="flights")
    expect(me.page).to_have_title(re.compile(r"^\(1\) Runs"))
    me.page.locator(".st-key-bell").get_by_role("button").click()
    me.page.get_by_role("link", name="Decide case 1").first.click()
    me.at("Cases")


@pytest.mark.parametrize("view", ["overview", "run", "cases"])
def test_a_project_that_is_not_there_gets_a_sentence(me: Person, view: str) -> None:
    me.open(view, project="nowhere")
    me.reads("There is no project 'nowhere' here")
    me.follow("Late flights")
    me.at("Overview")
    me.told("late-flights 1")


def test_a_record_that_is_not_there_gets_a_sentence(me: Person) -> None:
    for view in (view.key for view in VIEWS if not view.listed and view.needs_project):
        me.open(view, project="flights", id="gone")
        me.reads(re.compile("no such|does not exist|is not here|There is no|no run", re.IGNORECASE))


def test_every_view_on_a_phone(me: Person) -> None:
    me.page.set_viewport_size({"width": 390, "height": 844})
    for view in VIEWS:
        if view.listed:
            me.open(view.key, project="flights")
            me.at(view.title)
            wide = me.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
            assert wide <= 390, f"{view.key} is {wide} pixels wide"
    assert me.outside == []
    assert me.complaints == []

"""A project from a dropped CSV goes all the way round: yes or no in the browser alone, the others by acts after it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.lifecycle.life import Life
from core.scoping.criterion import Verdict
from core.workspace.modelling import TrainingOrder
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle
from tests.small_projects import sklearn_csv

pytestmark = pytest.mark.browser
MEASURED = re.compile("(of [0-9]+ criteria met in the window|agreed .*since)")


@pytest.fixture(scope="module")
def running(fullcircle: Start) -> Fullcircle:
    return fullcircle()


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    return Person(page, running.address)


def start(me: Person, csv: Path) -> None:
    """Drop a file, look at its findings, answer the three questions as they are guessed."""
    me.open("check")
    me.drop(csv)
    me.told("checks passed", patience=JOB)
    me.press("Start a project from this file")
    expect(me.dialog.get_by_role("combobox", name="What should be predicted?")).to_have_value("target")
    for question in ("When did it happen?", "What is one row?"):
        expect(me.dialog.get_by_role("combobox", name=question)).to_be_visible()
    me.press("Start the project", within=me.dialog)
    me.at("Overview", patience=JOB)
    me.told("accept or reject")


def life_of(running: Fullcircle, slug: str) -> Life:
    workspace = running.workspace()
    return workspace.thread.life(workspace.projects.get(slug).id)


def judged_live(life: Life) -> set[Verdict]:
    return {judgement.verdict for window in life.windows for judgement in window.judgements} - {Verdict.NOT_APPLICABLE}


def test_yes_or_no_all_the_way_in_the_browser(me: Person, running: Fullcircle, tmp_path: Path) -> None:
    start(me, sklearn_csv("breast_cancer", tmp_path))
    _accept_and_sign(me)
    _train(me)
    _release(me)
    me.enter("Overview")
    me.press("Replay later data")
    me.at("Performance")
    me.press(re.compile("Replay the next"))
    me.told(MEASURED, patience=JOB)
    running.wait_for_jobs()
    assert judged_live(life_of(running, "breast-cancer")) >= {Verdict.MET}
    assert me.outside == []
    assert me.complaints == []


def _accept_and_sign(me: Person) -> None:
    me.press("Accept or reject breast-cancer v1")
    me.at("Datasets")
    me.press("Accept v1")
    me.told("accepted by you")
    me.enter("Documents")
    me.pick("Criteria")
    me.press(re.compile(r"Sign \d criteria"))
    expect(me.head).not_to_contain_text("for a signature")


def _train(me: Person) -> None:
    me.enter("Overview")
    me.press("Train the first runs")
    me.at("Runs")
    me.press("Train")
    me.press("Train", within=me.dialog)
    me.told(re.compile(r"Best: .*agreed at least .*: met"), patience=JOB)


def _release(me: Person) -> None:
    me.press(re.compile("Register "))
    me.press("Register", within=me.dialog)
    me.at("Release", patience=JOB)
    me.told("gate open")
    me.press("Approve")
    # on a busy machine the latency may be undecided, and then a reason is asked for
    me.fill(re.compile("^Why"), "What is undecided here is the speed of this machine.", within=me.dialog)
    me.press("Approve", within=me.dialog)
    me.told("Self-approved by you")
    me.press("Deploy")
    me.press("Deploy", within=me.dialog)
    me.at("Deployment status")
    me.told("breast-cancer 1 serving")


@pytest.mark.parametrize(("name", "recipe"), [("wine", "logistic"), ("diabetes", "linear")])
def test_classes_and_numbers(me: Person, running: Fullcircle, tmp_path: Path, name: str, recipe: str) -> None:
    start(me, sklearn_csv(name, tmp_path))
    _by_acts(running, name, recipe)
    me.enter("Deployment status")
    me.told(f"{name} 1 serving")
    me.press("Try it")
    me.reads("there and back")
    me.enter("Performance")
    me.told(MEASURED)
    assert judged_live(life_of(running, name))
    assert me.complaints == []


def _by_acts(running: Fullcircle, name: str, recipe: str) -> None:
    """Sign, accept, train, register, approve, deploy, replay two windows; the worker does the work."""
    workspace = running.workspace()
    project = workspace.projects.get(name)
    workspace.scoping.sign(project.id, "goals")
    dataset = workspace.data.accept(workspace.thread.life(project.id).datasets[0].id)
    workspace.modelling.train(project.id, TrainingOrder(dataset_id=dataset.id, recipes=(recipe,)))
    running.wait_for_jobs()
    workspace.deployment.register(workspace.thread.life(project.id).runs[0].id, name)
    running.wait_for_jobs()
    version = workspace.thread.life(project.id).versions[0]
    workspace.deployment.approve(version.id, "A test says so.")
    workspace.deployment.deploy(version.id)
    source = workspace.replays.source(project.id)
    workspace.replays.ask(project.id, until=source.position + timedelta(days=21))
    running.wait_for_jobs()

"""The labels of a dataset: a file of annotators is dropped, agreement and the human level are seen, here and later."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Page, expect

from core.scoping.project import Task, TaskKind
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.dashboard.stages import late_csv
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "wind", "carrier"), time="departure", positive="yes")


@pytest.fixture(scope="module")
def running(fullcircle: Start, tmp_path_factory: pytest.TempPathFactory) -> Fullcircle:
    started = fullcircle()
    workspace = started.workspace()
    path = late_csv(tmp_path_factory.mktemp("files") / "late.csv")
    workspace.data.drop(workspace.projects.begin("Late", task=TASK).id, path, file_name=path.name)
    started.wait_for_jobs()
    return started


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """Return what three people say of 90 rows, one of them often wrong."""
    chance = np.random.default_rng(4)
    truth = chance.random(90) < 0.4
    people = {who: truth ^ (chance.random(90) < wrong) for who, wrong in (("Ada", 0.05), ("Bob", 0.1), ("Cyd", 0.3))}
    path = tmp_path / "said.csv"
    pl.DataFrame({"row": range(90)} | {who: np.where(yes, "yes", "no") for who, yes in people.items()}).write_csv(path)
    return path


def test_annotators_labels_are_dropped_and_read(page: Page, running: Fullcircle, said: Path, tmp_path: Path) -> None:
    me = Person(page, running.address)
    me.open("datasets", project="late")
    me.pick("Labels")
    me.reads("Every row has a label.")
    me.reads("No label study yet")
    wrong = tmp_path / "table.csv"
    wrong.write_text("a,b\n1.5,x y z\n2.5,u v w\n", encoding="utf-8")
    me.drop(wrong)
    me.reads("This file holds no labels of several annotators", patience=JOB)
    me.drop(said)
    me.reads("Ada, Bob and Cyd give the same label in", patience=JOB)
    study = running.workspace().labels.studies(running.workspace().projects.get("late").id)[-1]
    recall = study.human_level("recall")
    assert recall is not None
    me.reads(f"{recall.value:.3f}")
    expect(me.view.get_by_test_id("stPlotlyChart")).to_have_count(2)
    expect(me.view.locator(".st-key-datasets-labels-study-agreement")).to_contain_text("Cohen's kappa, Ada and Bob")
    me.refresh()
    me.reads("Human level: against what most of the others say")
    me.press("Drop other labels")
    expect(me.dialog).to_contain_text("the others stay")
    assert me.complaints == []

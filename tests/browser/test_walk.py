"""The walk round the flights project: eight steps in Chromium, on records that persist."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from core.iteration.case import CaseState
from core.scoping.criterion import Verdict
from dashboard import formats
from tests.browser.conftest import Start
from tests.browser.person import Person
from tests.browser.walk_steps import STEPS
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(built_demo: Path, tmp_path_factory: pytest.TempPathFactory, fullcircle: Start) -> Fullcircle:
    return fullcircle("up", Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("walk") / "home")))


def test_the_walk(page: Page, running: Fullcircle) -> None:
    me = Person(page, running.address)
    for step in STEPS:
        step(me)
    _it_lasts(running)
    _the_story_is_told(me, running)
    assert me.outside == []
    assert me.complaints == []


def _it_lasts(running: Fullcircle) -> None:
    """What was done in the browser is in the records, and nothing else was."""
    workspace = running.workspace()
    life = workspace.thread.life(workspace.projects.get("flights").id)
    assert [c.key for c in life.criteria if c.signed_at] == ["K1", "K2", "K3", "K4", "K5", "K6", "K7"]
    assert [d.note for d in life.datasets][1] == "To practise on: its defects are known."
    assert [run.recipe for run in life.runs][3:] == ["majority", "logistic", "logistic"]
    assert [(v.number, str(v.state)) for v in life.versions][2:] == [(3, "registered"), (4, "champion")]
    assert len(life.approvals) == 3
    assert workspace.thread.broken_at(life.project.id) is None


def _the_story_is_told(me: Person, running: Fullcircle) -> None:
    """The post-check is met, the old champion beside it is not, and the page says both."""
    workspace = running.workspace()
    life = workspace.thread.life(workspace.projects.get("flights").id)
    case, check = life.cases[0], life.post_checks[-1]
    criterion = life.criterion(case.criterion_id)
    assert criterion
    assert check.estimate
    assert check.counterfactual
    assert check.counterfactual.interval
    assert case.state is CaseState.CLOSED_MET
    assert check.verdict is Verdict.MET
    assert check.estimate.value == pytest.approx(0.507, abs=0.02)
    assert check.counterfactual.value == pytest.approx(0.030, abs=0.02)
    assert check.counterfactual.interval.upper < criterion.threshold
    me.open("cases", project="flights", id=case.id)
    me.told(formats.estimate(check.estimate))
    me.told(
        re.compile(rf"met again on 2 Jul to 29 Jul 2013, beside {re.escape(formats.estimate(check.counterfactual))}")
    )
    me.enter("Overview")
    me.told("Serving late-flights 4")

"""The flights project is asked for once, and afresh only on demand; other projects stay."""

from pathlib import Path

import pytest

from core.job import JobState
from core.jobs.demo import KIND, ask_for_demo
from core.settings import Settings
from core.workspace.projects import DEMO_SLUG
from core.workspace.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(Settings(home=tmp_path))


def asked(workspace: Workspace) -> list[JobState]:
    return [job.state for job in workspace.jobs.recent() if job.kind == KIND]


def test_it_is_asked_for_once(workspace: Workspace) -> None:
    ask_for_demo(workspace, fresh=False)
    ask_for_demo(workspace, fresh=False)
    assert asked(workspace) == [JobState.QUEUED]


def test_a_project_that_stands_is_left_alone(workspace: Workspace) -> None:
    workspace.projects.begin("Late flights", slug=DEMO_SLUG)
    ask_for_demo(workspace, fresh=False)
    assert asked(workspace) == []


def test_a_fresh_one_puts_the_old_one_aside_and_leaves_the_others(workspace: Workspace) -> None:
    workspace.projects.begin("Late flights", slug=DEMO_SLUG)
    mine = workspace.projects.begin("Mine")
    ask_for_demo(workspace, fresh=True)
    ask_for_demo(workspace, fresh=True)
    assert [project.id for project in workspace.projects.all()] == [mine.id]
    assert asked(workspace) == [JobState.QUEUED, JobState.CANCELLED]

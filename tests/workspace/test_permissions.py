"""What a role may not do is refused in core, before anything is stored."""

from collections.abc import Callable

import pytest

from core.errors import NotPermitted
from core.iteration.case import Choice
from core.people.actor import Actor, Role
from core.settings import Settings
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace

WRITING: dict[str, Callable[[Workspace, str], object]] = {
    "begin": lambda w, _: w.projects.begin("Another"),
    "archive": lambda w, p: w.projects.archive(p),
    "write": lambda w, p: w.scoping.write(p, "goals", {}),
    "agree": lambda w, p: w.scoping.agree(p, []),
    "open a version": lambda w, p: w.data.open_version(p, "a.csv"),
    "train": lambda w, p: w.modelling.train(p, TrainingOrder(dataset_id="", recipes=[])),
    "draw errors": lambda w, _: w.tagging.draw("no run"),
    "advance": lambda w, p: w.replays.advance(p, w.projects.get(p).created_at),
    "go live": lambda w, p: w.replays.go_live(p),
    "ask for a job": lambda w, p: w.jobs.request("train", "Train", project_id=p),
}
APPROVING: dict[str, Callable[[Workspace, str], object]] = {
    "allow false alarms": lambda w, p: w.projects.allow_alarms(p, "one false alarm in a year"),
    "sign": lambda w, p: w.scoping.sign(p, "goals"),
}


@pytest.fixture
def project(settings: Settings) -> str:
    owner = Workspace.open(settings)
    project = owner.projects.begin("Ours")
    owner.scoping.write(project.id, "goals", {"problem": "one"})
    return project.id


@pytest.mark.parametrize("act", WRITING)
def test_a_viewer_changes_nothing(settings: Settings, project: str, act: str):
    viewer = Workspace.open(settings, Actor(id="eve", name="Eve", role=Role.VIEWER))
    before = viewer.thread.life(project)
    with pytest.raises(NotPermitted, match="Eve is a viewer"):
        WRITING[act](viewer, project)
    assert viewer.thread.life(project) == before
    assert viewer.jobs.recent() == []


@pytest.mark.parametrize("act", APPROVING)
def test_a_contributor_approves_nothing(settings: Settings, project: str, act: str):
    contributor = Workspace.open(settings, Actor(id="bob", name="Bob", role=Role.CONTRIBUTOR))
    with pytest.raises(NotPermitted, match="may not approve"):
        APPROVING[act](contributor, project)


def test_every_choice_has_a_post_check():
    from core.iteration.post_check import CHECK_AFTER_DAYS

    assert set(CHECK_AFTER_DAYS) == set(Choice)

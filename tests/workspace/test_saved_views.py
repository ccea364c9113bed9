"""Saved views: own ones are private, shared ones are everybody's to open and their owner's to change."""

from collections.abc import Callable, Iterator

import pytest

from core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from core.people.actor import Actor, Role
from core.settings import Settings
from core.workspace.workspace import Workspace

STATE = {"where": "metrics.auc > 0.8", "by": "auc", "columns": "metrics.auc.best,params.depth"}


As = Callable[[str, Role], Workspace]


@pytest.fixture
def as_(either: Settings) -> Iterator[As]:
    opened: list[Workspace] = []

    def open_as(name: str, role: Role) -> Workspace:
        opened.append(Workspace.open(either, Actor(id=name.lower(), name=name, role=role)))
        return opened[-1]

    yield open_as
    for workspace in opened:
        workspace.close()


def names(workspace: Workspace, project_id: str) -> list[str]:
    return [view.name for view in workspace.views.all(project_id, "logged")]


def test_who_sees_and_changes_what(as_: As) -> None:
    ann, bob = as_("Ann", Role.CONTRIBUTOR), as_("Bob", Role.APPROVER)
    eve, olga = as_("Eve", Role.VIEWER), as_("Olga", Role.OWNER)
    project = ann.projects.begin("Ours").id
    before = ann.thread.life(project)
    best = ann.views.save(project, "logged", "  best  by auc ", STATE, shared=False)
    assert names(ann, project) == ["best by auc"]
    assert names(bob, project) == names(olga, project) == []
    for other in (bob, eve, olga):
        with pytest.raises(NotFound):
            other.views.delete(best.id)

    shared = ann.views.change(best.id, name="best", state=STATE, shared=True)
    assert bob.views.all(project, "logged") == [shared]
    assert bob.views.all(project, "runs") == []
    with pytest.raises(NotPermitted, match="best belongs to somebody else"):
        bob.views.change(best.id, name="mine", state={}, shared=True)
    assert eve.views.save(project, "logged", "Best", {}, shared=False).created_by == "eve"
    with pytest.raises(NotPermitted, match="Eve is a viewer"):
        eve.views.save(project, "logged", "for all", {}, shared=True)
    assert names(eve, project) == ["Best", "best"]
    assert olga.views.delete(best.id) == shared
    assert names(ann, project) == []
    assert names(eve, project) == ["Best"]
    assert ann.thread.life(project) == before


def test_what_is_refused_changes_nothing(as_: As) -> None:
    ann = as_("Ann", Role.CONTRIBUTOR)
    project = ann.projects.begin("Ours").id
    kept = [ann.views.save(project, "logged", name, STATE, shared=False) for name in ("one", "two")]
    with pytest.raises(InvalidInput, match="needs a name"):
        ann.views.save(project, "logged", " \t", {}, shared=False)
    with pytest.raises(InvalidInput, match="60 characters at most, this one 61"):
        ann.views.change(kept[0].id, name="x" * 61, state={}, shared=False)
    with pytest.raises(InvalidInput, match="Shorten the filter"):
        ann.views.save(project, "logged", "three", {"where": "x" * 8_000}, shared=False)
    with pytest.raises(Conflict, match="You have a view 'ONE' already"):
        ann.views.save(project, "logged", "ONE", {}, shared=False)
    with pytest.raises(Conflict, match="You have a view 'one' already"):
        ann.views.change(kept[1].id, name="one", state={}, shared=False)
    with pytest.raises(NotFound):
        ann.views.save("no project", "logged", "three", {}, shared=False)
    assert ann.views.all(project, "logged") == kept

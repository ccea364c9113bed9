"""Errors of a run drawn, tagged, counted and made a task of: kept, entered in the ledger, refused to a viewer."""

from collections.abc import Callable

import pytest

from core.errors import Conflict, InvalidInput, NotPermitted
from core.modelling.tagging.data_task import DataTask
from core.modelling.tagging.error_review import ErrorReview
from core.people.actor import Actor, Role
from core.scoping.criterion import Criterion
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.dashboard.stages import TASK, late_csv
from tests.small_projects import begun, trained


def test_errors_are_drawn_tagged_counted_and_made_a_task(settings: Settings, tmp_path) -> None:
    workspace = Workspace.open(settings)
    small = begun(workspace, late_csv(tmp_path / "late.csv"), TASK, name="Late")
    trained(small, ("logistic",))
    run = small.life.finished_runs[0]
    recall = next(c for c in small.life.criteria_in_force if c.metric == "recall")
    assert workspace.tagging.review(run) is None

    review = workspace.tagging.draw(run.id)
    assert len(review.drawn) == 20
    rows = workspace.tagging.rows(review)
    assert ((rows["score"] > run.parameters["cut"]) != (rows["label"].cast(int) == 1)).all()

    workspace.tagging.tag(review.id, review.drawn[0].row, ["carrier is AA", "warm"])
    workspace.tagging.tag(review.id, review.drawn[1].row, ["warm"])
    workspace.tagging.effort(review.id, "warm", "two days")
    task = workspace.tasks.make(review.id, "warm", "# Warm days\n\nMore of them.", {"Effort": "two days"})
    assert task.rows == tuple(one.row for one in review.drawn[:2])
    with pytest.raises(InvalidInput, match="No error is tagged"):
        workspace.tasks.make(review.id, "cold", "")
    more = workspace.tagging.draw(run.id)
    assert more.drawn[0].tags == ("carrier is AA", "warm")
    assert len(more.drawn) > 20

    again = Workspace.open(settings).tagging.review(run)
    assert again == more
    assert again.efforts == {"warm": "two days"}
    _is_counted(workspace, again, recall)
    _is_refused(Workspace.open(settings, Actor(id="eve", name="Eve", role=Role.VIEWER)), again, task)
    _waits_until_it_is_done(workspace, task)
    assert workspace.tagging.review(run) == again


def _waits_until_it_is_done(workspace: Workspace, task: DataTask) -> None:
    def waits() -> list[dict[str, str]]:
        project = workspace.projects.get(task.project_id)
        return [step.address for step in workspace.thread.waiting(project) if step.title == "Do the data task warm"]

    again = workspace.tasks.make(task.review_id, "warm", "# Warm days")
    assert again.id == task.id  # an open task is made again in its place
    assert waits() == [{"run": task.run_id, "show": "tags", "tag": "warm"}]
    assert workspace.tasks.take(task.id).owner == workspace.actor.id
    with pytest.raises(InvalidInput, match="or why it is"):
        workspace.tasks.finish(task.id, reason=" ")
    old = workspace.modelling.get(task.run_id).dataset_id
    with pytest.raises(InvalidInput, match="accepted dataset version after 1"):
        workspace.tasks.finish(task.id, dataset_id=old)
    done = workspace.tasks.finish(task.id, reason="The labels were right.")
    assert (done.state, done.done_by, done.reason) == ("done", workspace.actor.id, "The labels were right.")
    assert not waits()
    with pytest.raises(Conflict, match="done already"):
        workspace.tasks.leave(task.id)
    assert workspace.tasks.make(task.review_id, "warm", "# Again").id != task.id


def _is_counted(workspace: Workspace, review: ErrorReview, recall: Criterion) -> None:
    table = workspace.tagging.table(review, recall)
    warm = next(one for one in table.tags if one.tag == "warm")
    assert (warm.errors, table.looked_at, table.metric) == (2, 2, "recall")
    kinds = [event.kind for event in workspace.thread.ledger(review.project_id)]
    assert kinds[-5:] == ["errors.drawn", "errors.tagged", "errors.tagged", "errors.task", "errors.drawn"]
    assert workspace.thread.broken_at(review.project_id) is None


def _is_refused(viewer: Workspace, review: ErrorReview, task: DataTask) -> None:
    for act in _acts(viewer, review, task):
        with pytest.raises(NotPermitted):
            act()


def _acts(workspace: Workspace, review: ErrorReview, task: DataTask) -> list[Callable[[], object]]:
    return [
        lambda: workspace.tagging.draw(review.run_id),
        lambda: workspace.tagging.tag(review.id, review.drawn[0].row, ["x"]),
        lambda: workspace.tagging.effort(review.id, "warm", "none"),
        lambda: workspace.tasks.make(review.id, "warm", ""),
        lambda: workspace.tasks.take(task.id),
        lambda: workspace.tasks.leave(task.id),
        lambda: workspace.tasks.finish(task.id, reason="no"),
    ]

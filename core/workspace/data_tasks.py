"""Acts on data tasks: make one of a tag, take it, let it go, say that it is done."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import InvalidInput
from core.ids import new_id
from core.modelling.run import Run
from core.modelling.tagging.data_task import DataTask, DataTaskState
from core.modelling.tagging.error_review import ErrorReview
from core.workspace.act import Act, Desk


class DataTasks:
    """The data tasks of projects: what people do with them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def make(self, review_id: str, tag: str, text: str, figures: Mapping[str, str] | None = None) -> DataTask:
        """Make a data task of a tag; ``text`` is Markdown. Made again while it is open, it takes the first one's place.

        Raises
        ------
        InvalidInput
            No error has this tag.
        """
        with self._desk.act(self._desk.one(ErrorReview, review_id).project_id) as act:
            review = act.records.get(ErrorReview, review_id)
            review.require(tag)
            known = act.records.first(DataTask, review_id=review_id, tag=tag, state=DataTaskState.OPEN)
            task = DataTask(
                id=known.id if known else new_id(),
                project_id=review.project_id,
                review_id=review_id,
                run_id=review.run_id,
                tag=tag,
                text=text,
                rows=tuple(one.row for one in review.drawn if tag in one.tags),
                figures=figures or {},
                owner=known.owner if known else None,
                created_by=act.actor.id,
                created_at=act.at,
                created_on=act.on,
            )
            (act.records.replace if known else act.records.add)(task)
            act.enter("errors.task", task, tag=tag, text=text)
            return task

    def take(self, task_id: str) -> DataTask:
        """Make the acting person the owner of a task.

        Raises
        ------
        Conflict
            The task is done.
        """
        with self._desk.act(self._project_of(task_id)) as act:
            task = _open(act, task_id)
            return _entered(act, replace(task, owner=act.actor.id), "task.taken", before=task.owner or "")

    def leave(self, task_id: str) -> DataTask:
        """Take the owner's name off a task.

        Raises
        ------
        Conflict
            The task is done.
        """
        with self._desk.act(self._project_of(task_id)) as act:
            task = _open(act, task_id)
            return _entered(act, replace(task, owner=None), "task.left", before=task.owner or "")

    def finish(self, task_id: str, *, dataset_id: str | None = None, reason: str = "") -> DataTask:
        """Say that a task is done: with a dataset version that came after the run's, or for a reason.

        Raises
        ------
        Conflict
            The task is done already.
        InvalidInput
            There is neither a version nor a reason, or the version is not accepted, or not newer than the run's.
        """
        with self._desk.act(self._project_of(task_id)) as act:
            task = _open(act, task_id)
            if dataset_id is not None:
                _check_newer(act, task, dataset_id)
            done = task.done(by=act.actor.id, at=act.at, dataset_id=dataset_id, reason=reason)
            return _entered(act, done, "task.done", dataset=dataset_id or "", reason=done.reason)

    def _project_of(self, task_id: str) -> str:
        return self._desk.one(DataTask, task_id).project_id


def _open(act: Act, task_id: str) -> DataTask:
    task = act.records.get(DataTask, task_id)
    task.require_open()
    return task


def _check_newer(act: Act, task: DataTask, dataset_id: str) -> None:
    version = act.records.get(DatasetVersion, dataset_id)
    before = act.records.get(DatasetVersion, act.records.get(Run, task.run_id).dataset_id)
    mine = version.project_id == task.project_id and version.state is DatasetState.ACCEPTED
    if not mine or version.number <= before.number:
        raise InvalidInput(
            f"A data task is done with an accepted dataset version after {before.number}, that of its run. Choose "
            "one, or say why it is done."
        )


def _entered(act: Act, task: DataTask, kind: str, **body: Any) -> DataTask:
    act.records.replace(task)
    act.enter(kind, task, tag=task.tag, **body)
    return task

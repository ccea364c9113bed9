"""Acts on experiments, in MLflow's terms, and which project each belongs to."""

from collections.abc import Mapping

from core.errors import InvalidInput, NotFound
from core.modelling.tracking.experiment import (
    PROJECT_TAG,
    Experiment,
    Lifecycle,
    checked_name,
    checked_tag,
)
from core.modelling.tracking.search.page import Page
from core.modelling.tracking.search.query import Query
from core.scoping.project import Project
from core.storage.records import RecordReader
from core.workspace.act import Desk, wall_time


class Experiments:
    """The experiments of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create(self, name: str, tags: Mapping[str, str] | None = None) -> Experiment:
        """Create an experiment. It belongs to the project that its tag ``fullcircle.project`` names, or to the inbox.

        Raises
        ------
        Conflict
            There is one of this name.
        InvalidInput
            The name or a tag is not allowed.
        """
        checked = dict(checked_tag(key, value) for key, value in (tags or {}).items())
        with self._desk.writing() as records:
            project_id = _project_of(records, checked)
            return records.tracking.experiments.add(checked_name(name), checked, project_id, now_ms())

    def get(self, experiment_id: str) -> Experiment:
        """Return an experiment, deleted or not.

        Raises
        ------
        NotFound
            There is no such experiment.
        """
        with self._desk.reading() as records:
            return records.tracking.experiments.get(experiment_id)

    def named(self, name: str) -> Experiment:
        """Return an experiment by its name, deleted or not.

        Raises
        ------
        NotFound
            There is no such experiment.
        """
        with self._desk.reading() as records:
            return records.tracking.experiments.named(name)

    def search(self, query: Query) -> Page[Experiment]:
        """Return a page of experiments."""
        with self._desk.reading() as records:
            return records.tracking.search_experiments(query)

    def rename(self, experiment_id: str, name: str) -> None:
        """Give an experiment another name.

        Raises
        ------
        InvalidInput
            The name is empty or too long, or the experiment was deleted.
        Conflict
            Another one has this name.
        """
        with self._desk.writing() as records:
            check_active(records, experiment_id)
            records.tracking.experiments.rename(experiment_id, checked_name(name), now_ms())

    def delete(self, experiment_id: str) -> None:
        """Mark an experiment and its runs as deleted; all of it can be restored.

        Raises
        ------
        NotFound
            There is no such experiment, or it was deleted before.
        """
        self._mark(experiment_id, Lifecycle.ACTIVE, Lifecycle.DELETED)

    def restore(self, experiment_id: str) -> None:
        """Bring back an experiment and its runs.

        Raises
        ------
        NotFound
            There is no such experiment among the deleted.
        """
        self._mark(experiment_id, Lifecycle.DELETED, Lifecycle.ACTIVE)

    def set_tag(self, experiment_id: str, key: str, value: str) -> None:
        """Set a tag; ``fullcircle.project`` moves the experiment.

        Raises
        ------
        InvalidInput
            The tag is not allowed, or the experiment was deleted.
        """
        tag = dict([checked_tag(key, value)])
        with self._desk.writing() as records:
            check_active(records, experiment_id)
            records.tracking.experiments.set_tags(experiment_id, tag)
            if key == PROJECT_TAG:
                records.tracking.experiments.move(experiment_id, _project_of(records, tag))

    def delete_tag(self, experiment_id: str, key: str) -> None:
        """Delete a tag; without ``fullcircle.project`` the experiment is in the inbox.

        Raises
        ------
        NotFound
            The experiment has no such tag.
        """
        with self._desk.writing() as records:
            check_active(records, experiment_id)
            records.tracking.experiments.delete_tag(experiment_id, key)
            if key == PROJECT_TAG:
                records.tracking.experiments.move(experiment_id, None)

    def _mark(self, experiment_id: str, was: Lifecycle, becomes: Lifecycle) -> None:
        with self._desk.writing() as records:
            if records.tracking.experiments.lifecycle(experiment_id) is not was:
                raise NotFound(f"There is no {was} experiment {experiment_id}. Look it up in both views.")
            records.tracking.experiments.mark(experiment_id, becomes, now_ms())


def now_ms() -> int:
    """Return the wall's time in milliseconds since 1970."""
    return int(wall_time().timestamp() * 1000)


def check_active(records: RecordReader, experiment_id: str) -> None:
    """Let only an experiment be changed that was not deleted.

    Raises
    ------
    NotFound
        There is no such experiment.
    InvalidInput
        It was deleted.
    """
    if records.tracking.experiments.lifecycle(experiment_id) is not Lifecycle.ACTIVE:
        raise InvalidInput(f"The experiment {experiment_id} was deleted. Restore it first.")


def _project_of(records: RecordReader, tags: Mapping[str, str]) -> str | None:
    named = tags.get(PROJECT_TAG)
    if named is None:
        return None
    project = records.first(Project, slug=named) or records.first(Project, id=named)
    return project.id if project else None

"""Acts about outcomes: labels of live projects arrive as files and requests, each exactly once."""

from hashlib import sha256
from pathlib import Path

import polars as pl

from core.errors import Conflict
from core.job import Job
from core.monitoring.outcomes import outcomes_of
from core.people.actor import Permission
from core.scoping.project import Project
from core.workspace.act import Desk, check_arrived, wall_time


class Outcomes:
    """What turned out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def drop(self, project_id: str, path: Path, *, file_name: str) -> Job:
        """Take a file of labels; a job reads it.

        Raises
        ------
        InvalidInput
            The file is no longer there.
        """
        check_arrived(path, file_name)
        with self._desk.act(project_id) as act:
            return act.request("learn_labels", f"Read {file_name}", {"path": str(path), "file_name": file_name})

    def learn(self, project_id: str, frame: pl.DataFrame, *, name: str) -> int:
        """Store the labels of a table (see ``outcomes_of``) and return how many; the same table again stores none.

        A later label of the same row corrects the earlier one from its own time on; both are kept.

        Raises
        ------
        Conflict
            The project does not say yet what it predicts.
        InvalidInput
            A column is missing or not readable, or no row has a label.
        """
        self._desk.actor.require(Permission.WRITE)
        project = self._desk.one(Project, project_id)
        if project.task is None:
            raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
        found = outcomes_of(frame, project.task, arrived=project.now(wall_time()))
        stored = self._desk.storage.predictions.append_labels(
            project_id, found, source=f"labels {_fingerprint(frame)}", sequence=1
        )
        if stored:
            with self._desk.act(project_id) as act:
                act.enter("labels.learned", act.project, rows=stored, source=name)
        return stored


def _fingerprint(frame: pl.DataFrame) -> str:
    """Return a hash of a table's values: what is sent twice is learned once."""
    return sha256(frame.write_csv().encode()).hexdigest()

"""Acts about labels: study a file of several annotators' labels."""

from dataclasses import dataclass
from pathlib import Path

from core.data.annotations import Layout
from core.data.dataset import DatasetVersion
from core.data.label_study import LabelStudy, StudyFigures
from core.ids import new_id
from core.job import Job
from core.people.actor import Permission
from core.workspace.act import Desk, check_arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedFile:
    """A file of labels, how it was understood, and what was measured in it."""

    path: Path
    name: str
    layout: Layout
    figures: StudyFigures
    dataset_id: str | None = None


class Labels:
    """The studies of labels of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def studies(self, project_id: str) -> list[LabelStudy]:
        """Return a project's studies, oldest first."""
        return self._desk.all(LabelStudy, project_id)

    def drop(self, project_id: str, path: Path, *, file_name: str, dataset_id: str | None = None) -> Job:
        """Take a file of several annotators' labels; a job measures how far they agree.

        Raises
        ------
        InvalidInput
            The file is no longer there.
        NotFound
            There is no such dataset version.
        """
        check_arrived(path, file_name)
        with self._desk.act(project_id, Permission.WRITE) as act:
            if dataset_id is not None:
                act.records.get(DatasetVersion, dataset_id)
            arguments = {"path": str(path), "file_name": file_name, "dataset_id": dataset_id}
            return act.request("study_labels", f"Study the labels in {file_name}", arguments)

    def studied(self, project_id: str, file: StudiedFile, *, key: str) -> LabelStudy:
        """Record a study; its human level is a line in later charts."""
        source = self._desk.storage.artifacts.put_file(file.path)
        with self._desk.act(project_id, Permission.WRITE, key=key) as act:
            if done := act.done(LabelStudy):
                return done
            made = LabelStudy(
                id=new_id(),
                project_id=project_id,
                dataset_id=file.dataset_id,
                file_name=file.name,
                source=source,
                layout=file.layout,
                figures=file.figures,
                created_by=act.actor.id,
                created_at=act.at,
                created_on=act.on,
            )
            act.leave(made)
            found = made.figures
            act.enter("labels.studied", made, items=found.items, annotators=len(found.annotators), source=source)
            return made

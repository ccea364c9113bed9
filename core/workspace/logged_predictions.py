"""Predictions that were logged with runs, as rows that criteria can be measured on."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import Conflict
from core.frames.opening import open_file
from core.modelling.brought import HeldOut, held_out, parted
from core.modelling.run import LeftOut
from core.modelling.split import labelled_rows
from core.modelling.tracking.predictions import FILE, left_out, scored_rows
from core.scoping.project import Project
from core.workspace.act import Desk
from core.workspace.data import Data
from core.workspace.logged_files import LoggedFiles


class LoggedPredictions:
    """What runs predicted, by the labels of a project's accepted dataset."""

    def __init__(self, desk: Desk, files: LoggedFiles, data: Data) -> None:
        self._desk = desk
        self._files = files
        self._data = data

    def there(self, run_id: str) -> bool:
        """Tell whether a run keeps predictions."""
        return any(entry.path == FILE for entry in self._files.list(self._files.of_run(run_id)))

    def parted(self, project_id: str, run_id: str) -> HeldOut:
        """Return the rows of the project's newest accepted dataset, parted by whether the run predicted them.

        A run may have predicted all of them, as from the folds of a cross-validation.

        Raises
        ------
        NotFound, Conflict, InvalidInput, UnreadableFile, RefusedFile
            As for ``accepted`` and ``held_out``.
        """
        return parted(*self._scored(project_id, run_id, self.accepted(project_id)))

    def accepted(self, project_id: str) -> DatasetVersion:
        """Return the newest accepted dataset, whose labels predictions are held against.

        Raises
        ------
        Conflict
            The project does not say what it predicts, or has no accepted dataset.
        """
        project = self._desk.one(Project, project_id)
        versions = self._desk.all(DatasetVersion, project_id, order="number", state=DatasetState.ACCEPTED)
        if project.task is None or not versions:
            raise Conflict(f"{project.name} has no accepted dataset whose labels predictions could be held against.")
        return versions[-1]

    def held_out(self, project_id: str, run_id: str, version: DatasetVersion) -> HeldOut:
        """Return the rows of a dataset, parted by whether the run predicted them.

        The file is opened as every file that comes from elsewhere: in a process of its own, with limits.

        Raises
        ------
        NotFound
            The run keeps no predictions.
        InvalidInput, UnreadableFile, RefusedFile
            The predictions cannot be read, or are of other rows, or of all.
        """
        return held_out(*self._scored(project_id, run_id, version))

    def _scored(
        self, project_id: str, run_id: str, version: DatasetVersion
    ) -> tuple[pl.DataFrame, pl.DataFrame, LeftOut | None]:
        """Return all rows, those that were predicted, and what was predicted beside them."""
        project = self._desk.one(Project, project_id)
        assert project.task is not None
        _, path = self._files.find(self._files.of_run(run_id, FILE))
        with TemporaryDirectory() as folder:
            table = Path(folder) / FILE
            open_file(path, table, name=FILE)
            predictions = pl.read_parquet(table)
        known = labelled_rows(self._data.frame(version), project.task, zone=project.zone)
        return known, scored_rows(predictions, known, project.task), left_out(predictions, known, project.task)

"""Batches: files of rows that were answered elsewhere join the prediction log, and are a window of their own."""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl

from core.errors import Conflict
from core.job import Job
from core.monitoring.batch import Answered, batch_rows, labels_in
from core.monitoring.outcomes import outcomes_of
from core.monitoring.window import Window
from core.people.actor import Permission
from core.scoping.project import Project
from core.workspace.act import Desk, check_arrived
from core.workspace.monitoring import Monitoring

_INSTANT = timedelta(microseconds=1)


class Batches:
    """Predictions that arrive as files."""

    def __init__(self, desk: Desk, monitoring: Monitoring) -> None:
        self._desk = desk
        self._monitoring = monitoring

    def drop(self, project_id: str, path: Path, *, file_name: str) -> Job:
        """Take a file of answered rows; a job reads it.

        Raises
        ------
        InvalidInput
            The file is no longer there.
        """
        check_arrived(path, file_name)
        with self._desk.act(project_id) as act:
            return act.request("take_batch", f"Read {file_name}", {"path": str(path), "file_name": file_name})

    def take(self, project_id: str, frame: pl.DataFrame, *, name: str, key: str, asked: datetime) -> Window | None:
        """Store the rows of a batch, and its labels, exactly once; measure the span of time that they cover.

        They count as answers of the version that serves, and rows without a time as answered at ``asked`` (on the
        wall). Return the window; ``None`` where that version answered none of them (the batch is older than it).
        Under the same ``key`` what was cut off is finished, and what was finished is returned.

        Raises
        ------
        Conflict
            Nothing serves yet, or the project does not say what it predicts.
        InvalidInput
            A column is missing or not readable, or a row lies in the future.
        """
        self._desk.actor.require(Permission.WRITE)
        project = self._desk.one(Project, project_id)
        if project.task is None:
            raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
        arrived = project.now(asked)
        service = self._monitoring.service(project_id, arrived)
        mark = sha256(frame.write_csv().encode()).hexdigest()
        self._check_new(f"{project_id}:batch:{mark}", key, name)
        answered = Answered(
            version=service.versions[service.deployment.champion_id],
            revision=service.deployment.revision,
            request_id=f"batch-{mark[:16]}",
            arrived=arrived,
        )
        rows = batch_rows(frame, project.task, answered, zone=project.zone)
        brought = labels_in(frame, rows, project.task)
        labels = None if brought is None else outcomes_of(brought, project.task, arrived=arrived)
        predictions = self._desk.storage.predictions
        predictions.append(project_id, rows, source=f"batch {mark}", sequence=1)
        if labels is not None:
            predictions.append_labels(project_id, labels, source=f"batch {mark}", sequence=1)
        starts, ends = rows["event_time"].min(), rows["event_time"].max() + _INSTANT  # pyright: ignore[reportOptionalOperand, reportOperatorIssue]
        window = self._monitoring.measure_span(project_id, starts, ends, name=name)  # pyright: ignore[reportArgumentType] - datetimes
        with self._desk.act(project_id) as act:
            if act.records.recall(f"{project_id}:batch:{mark}") is None:
                act.records.remember(f"{project_id}:batch:{mark}", key)
                act.enter("batch.taken", act.project, rows=rows.height, source=name)
        return window

    def _check_new(self, mark: str, key: str, name: str) -> None:
        """Refuse rows that another file brought: what was finished is known by its mark."""
        with self._desk.reading() as records:
            taken = records.recall(mark)
        if taken not in {None, key}:
            raise Conflict(f"{name} was read before: its rows are in the log already.")

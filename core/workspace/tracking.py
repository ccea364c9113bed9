"""Acts on logged runs, in MLflow's terms. Logging is no event of the ledger."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any, cast

from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.modelling.tracking.columns import Column, Named, RunsTable
from core.modelling.tracking.experiment import DEFAULT_ID, Lifecycle
from core.modelling.tracking.logged_run import (
    LOGGED_MODELS_TAG,
    RUN_NAME_TAG,
    Batch,
    InputDataset,
    LoggedRun,
    ModelLink,
    Point,
    Status,
    check_unchanged,
    checked_dataset,
)
from core.modelling.tracking.run_name import run_name
from core.modelling.tracking.search.page import Page, page_of
from core.modelling.tracking.search.query import Query, experiment_numbers
from core.storage.records import Records
from core.storage.tracking.history import PointOf
from core.storage.tracking.runs import RunRow
from core.workspace.act import Desk
from core.workspace.experiments import check_active, now_ms

_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What a client says when it begins a run."""

    experiment_id: str = DEFAULT_ID
    name: str = ""
    user: str = ""
    started_ms: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """What a client changes about a run; ``None`` leaves it as it is."""

    status: Status | None = None
    ended_ms: int | None = None
    name: str | None = None


class Tracking:
    """The logged runs of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create(self, new: NewRun) -> LoggedRun:
        """Begin a run.

        Raises
        ------
        NotFound
            There is no such experiment.
        InvalidInput
            The experiment was deleted, a tag is not allowed, or the run is given two names.
        """
        run = _begun(new)
        with self._desk.writing() as records:
            check_active(records, new.experiment_id)
            records.tracking.runs.add(run)
        return run

    def get(self, run_id: str) -> LoggedRun:
        """Return a run with the latest value of each metric, deleted or not.

        Raises
        ------
        NotFound
            There is no such run.
        """
        with self._desk.reading() as records:
            return records.tracking.runs.get(run_id)

    def search(self, query: Query, experiment_ids: Sequence[str]) -> Page[LoggedRun]:
        """Return a page of the runs of some experiments."""
        numbers = experiment_numbers(experiment_ids)
        with self._desk.reading() as records:
            return records.tracking.search_runs(query, numbers)

    def table(self, query: Query, experiment_ids: Sequence[str], columns: Sequence[Column]) -> RunsTable:
        """Return a page of the runs of some experiments with nothing but some columns."""
        with self._desk.reading() as records:
            return records.tracking.search_columns(query, experiment_numbers(experiment_ids), columns)

    def names(self, run_ids: Sequence[str]) -> list[Named]:
        """Return every name of a metric, parameter or tag that some runs logged, those of the most runs first."""
        with self._desk.reading() as records:
            return records.tracking.columns.names(run_ids)

    def params(self, run_ids: Sequence[str]) -> list[Mapping[str, str]]:
        """Return the parameters of some runs, in the order of ``run_ids``; none of a run that is not there."""
        with self._desk.reading() as records:
            found = records.tracking.columns.params(run_ids)
        return [found.get(run_id, {}) for run_id in run_ids]

    def change(self, run_id: str, change: RunChange) -> LoggedRun:
        """Change how far a run has come, when it ended, or its name; return it without what was logged to it.

        Raises
        ------
        NotFound
            There is no such run.
        InvalidInput
            It was deleted.
        """
        with self._active(run_id) as (records, row):
            runs = records.tracking.runs
            columns = {"status": change.status, "ended_ms": change.ended_ms, "name": change.name or None}
            changes = {name: value for name, value in columns.items() if value is not None}
            if change.name:
                runs.set_tags(row.number, {RUN_NAME_TAG: change.name})
            return runs.change(row.number, **changes)

    def delete(self, run_id: str) -> None:
        """Mark a run as deleted; it can be restored."""
        self._mark(run_id, Lifecycle.DELETED)

    def restore(self, run_id: str) -> None:
        """Bring a run back."""
        self._mark(run_id, Lifecycle.ACTIVE)

    def log(self, run_id: str, batch: Batch) -> None:
        """Log metrics, parameters and tags: all of them, or none.

        Raises
        ------
        NotFound
            There is no such run.
        InvalidInput
            It was deleted, or a parameter has another value already.
        """
        with self._active(run_id) as (records, row):
            runs = records.tracking.runs
            if not runs.add_params(row.number, batch.params):
                check_unchanged(run_id, batch.params, runs.params(row.number, batch.params))
            runs.log_metrics(row.number, batch.metrics)
            records.tracking.models.log_metrics(run_id, batch.metrics)
            runs.set_tags(row.number, batch.tags)
            if name := batch.tags.get(RUN_NAME_TAG):
                runs.change(row.number, name=name)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Delete a tag.

        Raises
        ------
        NotFound
            There is no such run, or it has no such tag.
        """
        with self._active(run_id) as (records, row):
            if not records.tracking.runs.delete_tag(row.number, key):
                raise NotFound(f"The run {run_id} has no tag {key[:100]!r}. Look at its tags for the right name.")

    def log_inputs(self, run_id: str, datasets: Sequence[InputDataset], models: Sequence[ModelLink] = ()) -> None:
        """Log which datasets and which logged models a run read."""
        checked = [checked_dataset(dataset) for dataset in datasets]
        with self._active(run_id) as (records, row):
            records.tracking.runs.add_inputs(row, checked)
            records.tracking.runs.add_links(row.number, "input", models)

    def log_outputs(self, run_id: str, models: Sequence[ModelLink]) -> None:
        """Log which logged models a run wrote."""
        with self._active(run_id) as (records, row):
            records.tracking.runs.add_links(row.number, "output", models)

    def log_model(self, run_id: str, description: Mapping[str, Any]) -> None:
        """Note the description of a model that a client stored with the run, in the tag that MLflow keeps it in."""
        with self._active(run_id) as (records, row):
            runs = records.tracking.runs
            known = _descriptions(runs.tag(row.number, LOGGED_MODELS_TAG))
            runs.set_tags(row.number, {LOGGED_MODELS_TAG: json.dumps([*known, dict(description)])})

    def history(self, run_id: str, key: str, *, offset: int = 0, limit: int | None = None) -> Page[Point]:
        """Return a page of a metric's values over time; without a limit, all of them.

        Raises
        ------
        NotFound
            There is no such run.
        """
        with self._desk.reading() as records:
            number = records.tracking.runs.row(run_id).number
            more = None if limit is None else limit + 1
            points = records.tracking.history.of_run(number, key, offset=offset, limit=more)
        return Page(items=points) if limit is None else page_of(points, offset, limit)

    def histories(self, run_ids: Sequence[str], key: str, limit: int) -> list[PointOf]:
        """Return a metric's values in several runs, run by run, at most ``limit`` altogether."""
        with self._desk.reading() as records:
            return records.tracking.history.of_runs(run_ids, key, limit)

    def samples(
        self, run_ids: Sequence[str], key: str, most: int, steps: tuple[int, int] | None = None
    ) -> list[PointOf]:
        """Return at most ``most`` values of a metric in each of several runs, evenly spaced over its steps.

        Raises
        ------
        NotFound
            One of the runs is not there.
        """
        found: list[PointOf] = []
        with self._desk.reading() as records:
            for run_id in run_ids:
                number = records.tracking.runs.row(run_id).number
                points = records.tracking.history.sampled(number, key, most, steps)
                found += [PointOf(run_id, point) for point in points]
        return found

    def _mark(self, run_id: str, lifecycle: Lifecycle) -> None:
        with self._desk.writing() as records:
            row = records.tracking.runs.row(run_id, lock=True)
            records.tracking.runs.change(row.number, lifecycle=lifecycle.value)

    @contextmanager
    def _active(self, run_id: str) -> Generator[tuple[Records, RunRow]]:
        """Open a transaction on a run that may be written to."""
        with self._desk.writing() as records:
            row = records.tracking.runs.row(run_id, lock=True)
            if row.lifecycle is not Lifecycle.ACTIVE:
                raise InvalidInput(f"The run {run_id} was deleted. Restore it first.")
            yield records, row


def _begun(new: NewRun) -> LoggedRun:
    tagged = new.tags.get(RUN_NAME_TAG, "")
    if new.name and tagged and new.name != tagged:
        raise InvalidInput(f"The run is named {new.name[:60]!r}, and {tagged[:60]!r} by its tag. Give it one name.")
    name = new.name or tagged or run_name(_CHANCE)
    return LoggedRun(
        id=new_id(),
        experiment_id=new.experiment_id,
        name=name,
        user=new.user,
        status=Status.RUNNING,
        lifecycle=Lifecycle.ACTIVE,
        started_ms=now_ms() if new.started_ms is None else new.started_ms,
        tags=Batch(tags={**new.tags, RUN_NAME_TAG: name}).tags,
    )


def _descriptions(tag: str | None) -> list[Any]:
    """Return the models that a tag describes; a client may have written anything into it."""
    try:
        known: object = json.loads(tag or "[]")
    except (ValueError, RecursionError):
        known = None
    return cast("list[Any]", known) if isinstance(known, list) else []

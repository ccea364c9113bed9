"""The repository of logged runs: all of it inside one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from core.modelling.tracking.columns import Column, RunsTable
from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.logged_run import LoggedRun
from core.modelling.tracking.search.page import Page, page_of
from core.modelling.tracking.search.query import Query
from core.storage.tracking.columns import ColumnRecords
from core.storage.tracking.experiment_search import experiment_numbers
from core.storage.tracking.experiments import ExperimentRecords
from core.storage.tracking.files import FileRecords
from core.storage.tracking.history import HistoryRecords
from core.storage.tracking.models import LoggedModelRecords
from core.storage.tracking.registry import RegistryRecords
from core.storage.tracking.run_search import run_numbers
from core.storage.tracking.runs import RunRecords


class TrackingRecords:
    """Experiments, runs and histories of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.experiments = ExperimentRecords(connection)
        self.runs = RunRecords(connection)
        self.columns = ColumnRecords(connection)
        self.history = HistoryRecords(connection)
        self.files = FileRecords(connection)
        self.models = LoggedModelRecords(connection)
        self.registry = RegistryRecords(connection)

    def search_runs(self, query: Query, experiments: Sequence[int]) -> Page[LoggedRun]:
        """Return a page of the runs of some experiments, given by their numbers."""
        numbers = page_of(run_numbers(self._connection, query, experiments), query.offset, query.limit)
        return Page(items=self.runs.read(numbers.items), next_token=numbers.next_token)

    def search_columns(self, query: Query, experiments: Sequence[int], columns: Sequence[Column]) -> RunsTable:
        """Return a page of the runs of some experiments with nothing but some columns."""
        found = page_of(run_numbers(self._connection, query, experiments), query.offset, query.limit)
        return replace(self.columns.table(found.items, columns), more=bool(found.next_token))

    def search_experiments(self, query: Query) -> Page[Experiment]:
        """Return a page of experiments."""
        numbers = page_of(experiment_numbers(self._connection, query), query.offset, query.limit)
        return Page(items=self.experiments.read(numbers.items), next_token=numbers.next_token)

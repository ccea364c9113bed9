"""Some columns of logged runs: of 1,500 runs x 1,500 metrics a page reads the few that it shows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from core.modelling.tracking.columns import Cell, Column, Named, Of, RunHead, RunsTable
from core.modelling.tracking.logged_run import Status
from core.modelling.tracking.search.condition import Entity
from core.storage.tracking.tables import LATEST, PARAM, POINT, RUN, TAG

_TEXTS = {Entity.PARAM: PARAM, Entity.TAG: TAG}
_AGGREGATES = {Of.HIGHEST: func.max, Of.LOWEST: func.min, Of.MEAN: func.avg}
_OWN_TAGS = "mlflow."


class ColumnRecords:
    """Columns that are read in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def table(self, numbers: Sequence[int], columns: Sequence[Column]) -> RunsTable:
        """Return runs, given by their numbers, in that order, with some columns."""
        query = select(RUN.c.number, RUN.c.id, RUN.c.name, RUN.c.status, RUN.c.started_ms)
        heads = {
            number: RunHead(id=run_id, name=name, status=Status(status), started_ms=started)
            for number, run_id, name, status, started in self._connection.execute(
                query.where(RUN.c.number.in_(numbers))
            )
        }
        cells = {column: self._cells(column, numbers) for column in columns}
        return RunsTable(runs=[heads[number] for number in numbers], cells=cells)

    def names(self, run_ids: Sequence[str]) -> list[Named]:
        """Return every name that some runs logged, metrics, parameters, then tags; none of MLflow's own tags."""
        numbers = list(self._connection.execute(select(RUN.c.number).where(RUN.c.id.in_(run_ids))).scalars())
        own = TAG.c.key.like(f"{_OWN_TAGS}%")
        return [
            *self._named(Entity.METRIC, LATEST, LATEST.c.value, LATEST.c.run.in_(numbers)),
            *self._named(Entity.PARAM, PARAM, PARAM.c.head + PARAM.c.rest, PARAM.c.run.in_(numbers)),
            *self._named(Entity.TAG, TAG, TAG.c.head + TAG.c.rest, TAG.c.run.in_(numbers) & ~own),
        ]

    def params(self, run_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the parameters of some runs by their ids."""
        query = select(RUN.c.id, PARAM.c.key, PARAM.c.head + PARAM.c.rest).join(PARAM, PARAM.c.run == RUN.c.number)
        found: dict[str, dict[str, str]] = {}
        for run_id, key, value in self._connection.execute(query.where(RUN.c.id.in_(run_ids))):
            found.setdefault(run_id, {})[key] = value
        return found

    def _named(self, entity: Entity, table: Table, value: Any, mine: ColumnElement[bool]) -> list[Named]:
        count = func.count().label("runs")
        query = select(table.c.key, count, func.min(value) != func.max(value)).where(mine).group_by(table.c.key)
        rows = self._connection.execute(query.order_by(count.desc(), table.c.key))
        return [Named(entity, key, runs, bool(differs)) for key, runs, differs in rows]

    def _cells(self, column: Column, numbers: Sequence[int]) -> list[Cell]:
        rows: Any = self._connection.execute(_query(column, numbers)).all()
        found: dict[int, Cell] = dict(rows)
        return [found.get(number) for number in numbers]


def _query(column: Column, numbers: Sequence[int]) -> Any:
    """Return a query of run and cell, of runs that have one."""
    if column.entity in _TEXTS:
        table = _TEXTS[column.entity]
        return select(table.c.run, table.c.head + table.c.rest).where(*_of(table, column, numbers))
    if column.of is Of.LAST:
        value = LATEST.c.value
        return select(LATEST.c.run, value).where(*_of(LATEST, column, numbers), LATEST.c.is_nan == 0)
    value = _AGGREGATES[column.of](POINT.c.value)
    numeric = (*_of(POINT, column, numbers), POINT.c.is_nan == 0)
    return select(POINT.c.run, value).where(*numeric).group_by(POINT.c.run)


def _of(table: Table, column: Column, numbers: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return table.c.key == column.name, table.c.run.in_(numbers)

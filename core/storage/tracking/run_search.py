"""A search of runs as a statement.

Every condition is an ``EXISTS`` that looks up one key of one run, so that the runs can be walked in the order that is
wanted until a page is full: the index of experiments is in the order of time, that of values in the order of a metric.
A subquery of all matches would be made whole first (at 100,000 runs 0.4 ms became 280).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, exists, literal, select
from sqlalchemy import String as Text

from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.query import Query
from core.storage.tracking.comparing import compared, metric_compared
from core.storage.tracking.tables import DATASET, HEAD_CHARACTERS, INPUT, LATEST, PARAM, RUN, TAG

_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "run_id": RUN.c.id,
    "run_name": RUN.c.name,
    "user_id": RUN.c.user,
    "status": RUN.c.status,
    "start_time": RUN.c.started_ms,
    "end_time": RUN.c.ended_ms,
    "artifact_uri": literal("mlflow-artifacts:/") + RUN.c.experiment.cast(Text) + "/" + RUN.c.id + "/artifacts",
}
_DATASET_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "name": DATASET.c.name,
    "digest": DATASET.c.digest,
    "context": INPUT.c.context,
}
_VALUES = {Entity.METRIC: LATEST, Entity.PARAM: PARAM, Entity.TAG: TAG}


def run_numbers(connection: Connection, query: Query, experiments: Sequence[int]) -> list[int]:
    """Return the numbers of the runs of a page, and of one more where there are more."""
    search = _Search(query, experiments, connection.dialect.name)
    if search.leading is None:
        return list(connection.execute(search.statement()).scalars())
    found = list(connection.execute(search.walked(search.leading)).scalars())
    if len(found) > query.limit or search.has_all(search.leading):
        return found
    return list(connection.execute(search.statement()).scalars())


class _Search:
    def __init__(self, query: Query, experiments: Sequence[int], dialect: str) -> None:
        self._query = query
        self._dialect = dialect
        self._shown = (
            RUN.c.experiment.in_(experiments),
            RUN.c.lifecycle.in_([stage.value for stage in query.view.shown]),
        )

    @property
    def leading(self) -> Ordering | None:
        """Return the first key of the order where it is a metric, parameter or tag, whose index can be walked."""
        first = self._query.orderings[0] if self._query.orderings else None
        return None if first is None or first.entity is Entity.ATTRIBUTE else first

    def has_all(self, leading: Ordering) -> bool:
        """Tell whether the conditions leave only runs that have a value to walk by."""
        without = {Operator.IS_NULL} | ({Operator.UNEQUAL} if leading.entity is Entity.METRIC else set())
        return any(_about(condition, leading) and condition.operator not in without for condition in self._conditions)

    def walked(self, leading: Ordering) -> Select[int]:
        """Return the search among the runs that have a value of ``leading``: they come before all others."""
        table = _VALUES[leading.entity].alias("leading")
        joined = RUN.join(table, and_(table.c.run == RUN.c.number, table.c.key == leading.key))
        wanted = [self._compared(table, c) for c in self._conditions if self._is_on(c, leading)]
        wanted += [self._condition(c) for c in self._conditions if not self._is_on(c, leading)]
        if leading.entity is Entity.METRIC:
            wanted.append(table.c.is_nan == 0)
        return self._page(joined, wanted, _directed(_columns(table, leading.entity), leading), skipped=1)

    def statement(self) -> Select[int]:
        """Return the search among all runs."""
        return self._page(RUN, [self._condition(condition) for condition in self._conditions], [], skipped=0)

    @property
    def _conditions(self) -> Sequence[Condition]:
        return self._query.conditions

    def _page(
        self, joined: FromClause, wanted: list[ColumnElement[bool]], keys: list[ColumnElement[Any]], *, skipped: int
    ) -> Select[int]:
        """Return the runs in order; what is missing comes last, and before it what is not a number."""
        orderings = self._query.orderings
        for ordering in orderings[skipped:]:
            if ordering.entity is Entity.ATTRIBUTE:
                columns = [_ATTRIBUTES[ordering.key]]
                last = case((columns[0].is_(None), 1), else_=0)
            else:
                table = _VALUES[ordering.entity].alias()
                joined = joined.outerjoin(table, and_(table.c.run == RUN.c.number, table.c.key == ordering.key))
                columns, last = _columns(table, ordering.entity), _last(table, ordering.entity)
            nullable = ordering.entity is not Entity.ATTRIBUTE or ordering.key == "end_time"
            keys = [*keys, *([last] if nullable else []), *_directed(columns, ordering)]
        if not any(ordering.key == "start_time" and ordering.entity is Entity.ATTRIBUTE for ordering in orderings):
            keys = [*keys, RUN.c.started_ms.desc()]
        statement = select(RUN.c.number).select_from(joined).where(*self._shown, *wanted).order_by(*keys, RUN.c.id)
        return statement.offset(self._query.offset).limit(self._query.limit + 1)

    @staticmethod
    def _is_on(condition: Condition, leading: Ordering) -> bool:
        presence = {Operator.IS_NULL, Operator.IS_NOT_NULL}
        return _about(condition, leading) and condition.operator not in presence

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        if condition.entity is Entity.ATTRIBUTE:
            return compared(_ATTRIBUTES[condition.key], condition.operator, condition.wanted, self._dialect)
        if condition.entity is Entity.DATASET:
            return self._dataset(condition)
        table = _VALUES[condition.entity].alias()
        there = exists().where(table.c.run == RUN.c.number, table.c.key == condition.key)
        if condition.operator is Operator.IS_NULL:
            return ~there
        return there if condition.operator is Operator.IS_NOT_NULL else there.where(self._compared(table, condition))

    def _dataset(self, condition: Condition) -> ColumnElement[bool]:
        column = _DATASET_ATTRIBUTES[condition.key]
        matches = compared(column, condition.operator, condition.wanted, self._dialect)
        return exists().where(INPUT.c.run == RUN.c.number, DATASET.c.number == INPUT.c.dataset, matches)

    def _compared(self, table: FromClause, condition: Condition) -> ColumnElement[bool]:
        if condition.entity is Entity.METRIC:
            return metric_compared(table.c.value, table.c.is_nan, condition.operator, condition.wanted)
        if condition.operator is Operator.EQUAL:
            text = str(condition.wanted)
            return and_(table.c.head == text[:HEAD_CHARACTERS], table.c.rest == text[HEAD_CHARACTERS:])
        return compared(table.c.head + table.c.rest, condition.operator, condition.wanted, self._dialect)


def _about(condition: Condition, ordering: Ordering) -> bool:
    return (condition.entity, condition.key) == (ordering.entity, ordering.key)


def _columns(table: FromClause, entity: Entity) -> list[ColumnElement[Any]]:
    return [table.c.value] if entity is Entity.METRIC else [table.c.head, table.c.rest]


def _last(table: FromClause, entity: Entity) -> ColumnElement[int]:
    if entity is Entity.METRIC:
        return case((table.c.is_nan == 1, 1), (table.c.value.is_(None), 2), else_=0)
    return case((table.c.head.is_(None), 1), else_=0)


def _directed(columns: Sequence[ColumnElement[Any]], ordering: Ordering) -> list[ColumnElement[Any]]:
    return [column.asc() if ordering.ascending else column.desc() for column in columns]

"""Searches of runs and experiments as statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, case, exists, literal, select
from sqlalchemy import String as Text

from core.modelling.tracking.experiment import experiment_number
from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.query import Query
from core.storage.tracking.comparing import compared, metric_compared
from core.storage.tracking.tables import (
    DATASET,
    EXPERIMENT,
    EXPERIMENT_TAG,
    HEAD_CHARACTERS,
    INPUT,
    LATEST,
    PARAM,
    RUN,
    TAG,
)

_RUN_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "run_id": RUN.c.id,
    "run_name": RUN.c.name,
    "user_id": RUN.c.user,
    "status": RUN.c.status,
    "start_time": RUN.c.started_ms,
    "end_time": RUN.c.ended_ms,
    "artifact_uri": literal("mlflow-artifacts:/") + RUN.c.experiment.cast(Text) + "/" + RUN.c.id + "/artifacts",
}
_EXPERIMENT_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "experiment_id": EXPERIMENT.c.number,
    "name": EXPERIMENT.c.name,
    "creation_time": EXPERIMENT.c.created_ms,
    "last_update_time": EXPERIMENT.c.updated_ms,
}
_DATASET_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "name": DATASET.c.name,
    "digest": DATASET.c.digest,
    "context": INPUT.c.context,
}


def run_numbers(connection: Connection, query: Query, experiments: Sequence[int]) -> list[int]:
    """Return the numbers of the runs of a page, and of one more where there are more."""
    dialect = connection.dialect.name
    wanted = [RUN.c.experiment.in_(experiments), RUN.c.lifecycle.in_([stage.value for stage in query.view.shown])]
    wanted += [_run_condition(condition, dialect) for condition in query.conditions]
    statement = _ordered_runs(select(RUN.c.number).where(*wanted), query.orderings)
    return list(connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())


def experiment_numbers(connection: Connection, query: Query) -> list[int]:
    """Return the numbers of the experiments of a page, and of one more where there are more."""
    dialect = connection.dialect.name
    shown = EXPERIMENT.c.lifecycle.in_([stage.value for stage in query.view.shown])
    wanted = [_experiment_condition(condition, dialect) for condition in query.conditions]
    statement = select(EXPERIMENT.c.number).where(shown, *wanted).order_by(*_experiment_order(query.orderings))
    return list(connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())


def _run_condition(condition: Condition, dialect: str) -> ColumnElement[bool]:
    match condition.entity:
        case Entity.METRIC:
            matches = metric_compared(LATEST.c.value, LATEST.c.is_nan, condition.operator, condition.wanted)
            return RUN.c.number.in_(select(LATEST.c.run).where(LATEST.c.key == condition.key, matches))
        case Entity.PARAM:
            return _value_condition(PARAM, condition, dialect)
        case Entity.TAG:
            return _value_condition(TAG, condition, dialect)
        case Entity.DATASET:
            column = _DATASET_ATTRIBUTES[condition.key]
            read = select(INPUT.c.run).join(DATASET, DATASET.c.number == INPUT.c.dataset)
            return RUN.c.number.in_(read.where(compared(column, condition.operator, condition.wanted, dialect)))
        case Entity.ATTRIBUTE:
            return compared(_RUN_ATTRIBUTES[condition.key], condition.operator, condition.wanted, dialect)


def _value_condition(table: Table, condition: Condition, dialect: str) -> ColumnElement[bool]:
    if condition.operator in {Operator.IS_NULL, Operator.IS_NOT_NULL}:
        there = exists().where(table.c.run == RUN.c.number, table.c.key == condition.key)
        return ~there if condition.operator is Operator.IS_NULL else there
    matches = _value_compared(table, condition, dialect)
    return RUN.c.number.in_(select(table.c.run).where(table.c.key == condition.key, matches))


def _value_compared(table: Table, condition: Condition, dialect: str) -> ColumnElement[bool]:
    if condition.operator is Operator.EQUAL:
        text = str(condition.wanted)
        return and_(table.c.head == text[:HEAD_CHARACTERS], table.c.rest == text[HEAD_CHARACTERS:])
    return compared(table.c.head + table.c.rest, condition.operator, condition.wanted, dialect)


def _ordered_runs(statement: Select[int], orderings: Sequence[Ordering]) -> Select[int]:
    """Return the statement in order; what is missing comes last, and before it what is not a number."""
    joined: FromClause = RUN
    keys: list[ColumnElement[Any]] = []
    for ordering in orderings:
        if ordering.entity is Entity.ATTRIBUTE:
            columns = [_RUN_ATTRIBUTES[ordering.key]]
            keys.append(case((columns[0].is_(None), 1), else_=0))
        else:
            table = {Entity.METRIC: LATEST, Entity.PARAM: PARAM, Entity.TAG: TAG}[ordering.entity].alias()
            joined = joined.outerjoin(table, and_(table.c.run == RUN.c.number, table.c.key == ordering.key))
            columns, last = _sorted_by(table, ordering.entity)
            keys.append(last)
        keys += [column.asc() if ordering.ascending else column.desc() for column in columns]
    if not any(ordering.key == "start_time" and ordering.entity is Entity.ATTRIBUTE for ordering in orderings):
        keys.append(RUN.c.started_ms.desc())
    return statement.select_from(joined).order_by(*keys, RUN.c.id)


def _sorted_by(table: FromClause, entity: Entity) -> tuple[list[ColumnElement[Any]], ColumnElement[int]]:
    if entity is Entity.METRIC:
        return [table.c.value], case((table.c.is_nan == 1, 1), (table.c.value.is_(None), 2), else_=0)
    return [table.c.head, table.c.rest], case((table.c.head.is_(None), 1), else_=0)


def _experiment_condition(condition: Condition, dialect: str) -> ColumnElement[bool]:
    if condition.entity is Entity.TAG:
        mine = EXPERIMENT_TAG.c.experiment == EXPERIMENT.c.number
        tag = exists().where(mine, EXPERIMENT_TAG.c.key == condition.key)
        if condition.operator is Operator.IS_NULL:
            return ~tag
        if condition.operator is Operator.IS_NOT_NULL:
            return tag
        return tag.where(compared(EXPERIMENT_TAG.c.value, condition.operator, condition.wanted, dialect))
    if condition.key == "experiment_id":
        return _numbered(condition, dialect)
    return compared(_EXPERIMENT_ATTRIBUTES[condition.key], condition.operator, condition.wanted, dialect)


def _numbered(condition: Condition, dialect: str) -> ColumnElement[bool]:
    wanted = condition.wanted if isinstance(condition.wanted, tuple) else (str(condition.wanted),)
    numbers: Any = [experiment_number(text) for text in wanted]
    if condition.operator in {Operator.IN, Operator.NOT_IN}:
        column = EXPERIMENT.c.number
        return column.in_(numbers) if condition.operator is Operator.IN else column.not_in(numbers)
    return compared(EXPERIMENT.c.number, condition.operator, numbers[0], dialect)


def _experiment_order(orderings: Sequence[Ordering]) -> list[ColumnElement[Any]]:
    if not orderings:
        return [EXPERIMENT.c.created_ms.desc(), EXPERIMENT.c.number.asc()]
    keys = [(_EXPERIMENT_ATTRIBUTES[ordering.key], ordering.ascending) for ordering in orderings]
    columns = [column.asc() if ascending else column.desc() for column, ascending in keys]
    return [*columns, EXPERIMENT.c.number.desc()]

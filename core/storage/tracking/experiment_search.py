"""A search of experiments as a statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from core.modelling.tracking.experiment import experiment_number
from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.query import Query
from core.storage.tracking.comparing import compared
from core.storage.tracking.tables import EXPERIMENT, EXPERIMENT_TAG

_ATTRIBUTES: dict[str, ColumnElement[Any]] = {
    "experiment_id": EXPERIMENT.c.number,
    "name": EXPERIMENT.c.name,
    "creation_time": EXPERIMENT.c.created_ms,
    "last_update_time": EXPERIMENT.c.updated_ms,
}


def experiment_numbers(connection: Connection, query: Query) -> list[int]:
    """Return the numbers of the experiments of a page, and of one more where there are more."""
    dialect = connection.dialect.name
    shown = EXPERIMENT.c.lifecycle.in_([stage.value for stage in query.view.shown])
    wanted = [_condition(condition, dialect) for condition in query.conditions]
    statement = select(EXPERIMENT.c.number).where(shown, *wanted).order_by(*_order(query.orderings))
    return list(connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())


def _condition(condition: Condition, dialect: str) -> ColumnElement[bool]:
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
    return compared(_ATTRIBUTES[condition.key], condition.operator, condition.wanted, dialect)


def _numbered(condition: Condition, dialect: str) -> ColumnElement[bool]:
    wanted = condition.wanted if isinstance(condition.wanted, tuple) else (str(condition.wanted),)
    numbers: Any = [experiment_number(text) for text in wanted]
    if condition.operator in {Operator.IN, Operator.NOT_IN}:
        column = EXPERIMENT.c.number
        return column.in_(numbers) if condition.operator is Operator.IN else column.not_in(numbers)
    return compared(EXPERIMENT.c.number, condition.operator, numbers[0], dialect)


def _order(orderings: Sequence[Ordering]) -> list[ColumnElement[Any]]:
    if not orderings:
        return [EXPERIMENT.c.created_ms.desc(), EXPERIMENT.c.number.asc()]
    keys = [(_ATTRIBUTES[ordering.key], ordering.ascending) for ordering in orderings]
    columns = [column.asc() if ascending else column.desc() for column, ascending in keys]
    return [*columns, EXPERIMENT.c.number.desc()]

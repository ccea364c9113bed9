"""Searches of things that have attributes beside named values: models of any kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, case, exists, or_, select, true

from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.models import DatasetOrdering
from core.storage.tracking.comparing import compared, metric_compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Where a kind of thing is described. Every table of ``values`` names its ``owner`` by the thing's ``key``."""

    key: ColumnElement[Any]
    attributes: Mapping[str, ColumnElement[Any]]
    values: Mapping[Entity, Table]

    def meets(
        self, condition: Condition, dialect: str, datasets: Sequence[tuple[str, str]] = ()
    ) -> ColumnElement[bool]:
        """Return a condition of a search; metrics count only where they are on one of ``datasets``."""
        if condition.entity is Entity.ATTRIBUTE:
            return compared(self.attributes[condition.key], condition.operator, condition.wanted, dialect)
        table = self.values[condition.entity].alias()
        there = exists().where(table.c.owner == self.key, table.c.key == condition.key)
        if condition.operator is Operator.IS_NULL:
            return ~there
        if condition.operator is Operator.IS_NOT_NULL:
            return there
        if condition.entity is Entity.METRIC:
            matches = metric_compared(table.c.value, table.c.is_nan, condition.operator, condition.wanted)
            return there.where(and_(matches, on_one_of(table, datasets)))
        return there.where(compared(table.c.value, condition.operator, condition.wanted, dialect))

    def order(self, orderings: Sequence[Ordering]) -> list[ColumnElement[Any]]:
        """Return the keys of an order; what is missing comes last."""
        keys: list[ColumnElement[Any]] = []
        for ordering in orderings:
            by = self.attributes[ordering.key] if ordering.entity is Entity.ATTRIBUTE else self._latest(ordering)
            keys += [case((by.is_(None), 1), else_=0), by.asc() if ordering.ascending else by.desc()]
        return keys

    def _latest(self, ordering: Ordering) -> ColumnElement[Any]:
        table = self.values[ordering.entity].alias()
        query = select(case((table.c.is_nan == 0, table.c.value))).where(
            table.c.owner == self.key, table.c.key == ordering.key
        )
        if isinstance(ordering, DatasetOrdering) and ordering.dataset_name:
            query = query.where(on_one_of(table, [(ordering.dataset_name, ordering.dataset_digest)]))
        return query.order_by(table.c.timestamp.desc(), table.c.step.desc(), table.c.value).limit(1).scalar_subquery()


def on_one_of(table: FromClause, datasets: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """Return the condition that a metric is on one of some datasets, by name and, where it is given, digest."""
    if not datasets:
        return true()
    return or_(
        *(
            and_(table.c.dataset_name == name, table.c.dataset_digest == digest if digest else true())
            for name, digest in datasets
        )
    )

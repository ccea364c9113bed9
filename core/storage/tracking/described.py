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
            return self._latest(condition.key, table, case((matches, 1), else_=0), on_one_of(table, datasets)) == 1
        return there.where(compared(table.c.value, condition.operator, condition.wanted, dialect))

    def order(
        self, orderings: Sequence[Ordering], datasets: Sequence[tuple[str, str]] = ()
    ) -> list[ColumnElement[Any]]:
        """Return the keys of an order; what is missing, or measured on none of ``datasets``, comes last."""
        keys: list[ColumnElement[Any]] = []
        for ordering in orderings:
            named = ordering.entity is Entity.ATTRIBUTE
            by = self.attributes[ordering.key] if named else self._measured(ordering, datasets)
            keys += [case((by.is_(None), 1), else_=0), by.asc() if ordering.ascending else by.desc()]
        return keys

    def _measured(self, ordering: Ordering, datasets: Sequence[tuple[str, str]]) -> ColumnElement[Any]:
        table = self.values[Entity.METRIC].alias()
        counts = [on_one_of(table, datasets)]
        if isinstance(ordering, DatasetOrdering):
            counts += [table.c.dataset_name == ordering.dataset_name] if ordering.dataset_name else []
            counts += [table.c.dataset_digest == ordering.dataset_digest] if ordering.dataset_digest else []
        return self._latest(ordering.key, table, case((table.c.is_nan == 0, table.c.value)), *counts)

    def _latest(
        self, key: str, table: FromClause, of: ColumnElement[Any], *counts: ColumnElement[bool]
    ) -> ColumnElement[Any]:
        """Return what ``of`` says of the latest value of a metric, among those that count.

        Source of which is the latest: ``_get_latest_logged_model_metrics_subquery`` in ``sqlalchemy_store.py`` of
        MLflow 3.18.
        """
        query = select(of).where(table.c.owner == self.key, table.c.key == key, *counts)
        later = table.c.step.desc(), table.c.timestamp.desc(), table.c.value.desc()
        return query.order_by(*later).limit(1).scalar_subquery()


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

"""Statements that the tables of logged runs share."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, tuple_
from sqlalchemy.dialects import postgresql, sqlite

Item = TypeVar("Item")
_CHUNK = 10_000


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Give ``items`` in portions that a statement can hold."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; of those whose key is there already, the other columns are replaced."""
    if rows:
        connection.execute(_upsert(table, connection.dialect.name), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Insert rows whose key is not there yet; tell whether that was all of them."""
    if not rows:
        return True
    return connection.execute(_insert_new(table, connection.dialect.name), rows).rowcount == len(rows)


def upsert_later(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: tuple[str, ...]) -> None:
    """Insert rows; one whose key is there replaces it only where its columns ``by`` come later in their order."""
    if rows:
        connection.execute(_upsert_later(table, connection.dialect.name, by), rows)


def _insert(table: Table, dialect: str) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


@cache
def _insert_new(table: Table, dialect: str) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _upsert(table: Table, dialect: str) -> Any:
    statement = _insert(table, dialect)
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=_replaced(table, statement))


@cache
def _upsert_later(table: Table, dialect: str, by: tuple[str, ...]) -> Any:
    statement = _insert(table, dialect)
    later = tuple_(*(statement.excluded[name] for name in by)) > tuple_(*(table.c[name] for name in by))
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=_replaced(table, statement), where=later
    )


def _replaced(table: Table, statement: Any) -> dict[str, Any]:
    return {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}

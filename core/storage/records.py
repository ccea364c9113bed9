"""Records inside one transaction: read values, and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from core.errors import Corrupted, InvalidInput, NotFound
from core.ids import new_id
from core.ledger import GENESIS, LedgerEvent, event_hash
from core.scoping.project import Project
from core.storage.mapping import from_row, table_for, title, to_column, to_row
from core.storage.refusal import refusal
from core.storage.row import table_of
from core.storage.tables.of_work import HeartbeatRow, IdempotencyKeyRow, LedgerHeadRow
from core.storage.tracking.records import TrackingRecords

Value = TypeVar("Value")
_Columns = TypeVarTuple("_Columns")

INSTANCE = "instance"
"""The ``project_id`` of the ledger's chain that belongs to no project."""

_HEADS, _KEYS, _BEATS = (table_of(row) for row in (LedgerHeadRow, IdempotencyKeyRow, HeartbeatRow))


class RecordReader:
    """What can be read in a transaction.

    ``equals`` compares fields: with a value, with ``None``, or with any of a list or tuple of values.
    """

    _locks = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, kind: type[Value], record_id: str, /) -> Value:
        """Return a record.

        Raises
        ------
        NotFound
            There is no such record.
        """
        found = self.first(kind, id=record_id)
        if found is None:
            raise NotFound.record(title(kind), record_id)
        return found

    def find(
        self, kind: type[Value], /, *, order: str = "-created_at", limit: int | None = None, **equals: Any
    ) -> list[Value]:
        """Return the records that ``equals`` describes.

        ``order`` is a field, ``-field`` for descending; ties break by id, missing values come last. ``created_at``
        stands for ``at`` where a value has no other time of making.

        Raises
        ------
        InvalidInput
            There is no such field, or it cannot be compared.
        Corrupted
            What is stored is not what Fullcircle writes.
        """
        table = table_for(kind)
        query = select(table).where(*_conditions(table, equals)).order_by(*_ordering(table, order)).limit(limit)
        try:
            rows = self._connection.execute(self._locking(query)).mappings()
            return [from_row(kind, dict(row)) for row in rows]
        except ValueError as error:
            raise Corrupted(
                f"A {title(kind)} in the database is damaged ({error}). Restore the workspace from a backup."
            ) from error

    def first(self, kind: type[Value], /, *, order: str = "-created_at", **equals: Any) -> Value | None:
        """Return the first record that ``find`` would give, or ``None``."""
        return next(iter(self.find(kind, order=order, limit=1, **equals)), None)

    def count(self, kind: type, /, **equals: Any) -> int:
        """Return how many records ``equals`` describes."""
        table = table_for(kind)
        query = select(func.count()).select_from(table).where(*_conditions(table, equals))
        return self._connection.execute(query).scalar_one()

    def recall(self, key: str) -> str | None:
        """Return the id of the record that an act left behind under ``key``, or ``None``."""
        return self._connection.execute(select(_KEYS.c.record_id).where(_KEYS.c.key == key)).scalar_one_or_none()

    def chain_end(self, project_id: str) -> tuple[int, str] | None:
        """Return the number and the hash of the last event of a chain, as they were noted when it was written."""
        query = select(_HEADS.c.sequence, _HEADS.c.hash).where(_HEADS.c.project_id == project_id)
        found = self._connection.execute(query).first()
        return None if found is None else (found[0], found[1])

    def last_beat(self, process: str) -> datetime | None:
        """Return when a process last said that it lives, or ``None``."""
        return self._connection.execute(select(_BEATS.c.at).where(_BEATS.c.process == process)).scalar_one_or_none()

    @property
    def tracking(self) -> TrackingRecords:
        """Return the logged runs, in this transaction."""
        return TrackingRecords(self._connection)

    def _locking(self, query: Select[*_Columns]) -> Select[*_Columns]:
        return query.with_for_update(key_share=True) if self._locks else query


class Records(RecordReader):
    """What can be read and written in a transaction.

    What it has read stays as read until it ends: SQLite has one writer at a time, PostgreSQL locks the rows. A refused
    record leaves the transaction usable.
    """

    _locks = True

    def add(self, value: Any) -> None:
        """Store a new record.

        Raises
        ------
        Conflict
            There is one with the same id, name or number.
        NotFound
            Its project does not exist.
        InvalidInput
            A field holds what cannot be stored.
        """
        self._insert(table_for(type(value)), to_row(value), title(type(value)))

    def replace(self, value: Any) -> None:
        """Store the new state of a record. A project's revision only moves by ``bump_revision``.

        Raises
        ------
        NotFound
            There is no such record.
        Conflict
            There is another one with the same name or number.
        InvalidInput
            A field holds what cannot be stored, or the record is an event of the ledger.
        """
        if not self.swap(value):
            raise NotFound.record(title(type(value)), value.id)

    def swap(self, value: Any, /, **expected: Any) -> bool:
        """Store the new state of a record where its stored fields are still ``expected``; tell whether they were.

        Raises
        ------
        Conflict
            There is another one with the same name or number.
        InvalidInput
            A field holds what cannot be stored, or the record is an event of the ledger.
        """
        kind, table = type(value), table_for(type(value))
        if kind is LedgerEvent:
            raise InvalidInput("An event of the ledger never changes. Append another one that corrects it.")
        row = {name: content for name, content in to_row(value).items() if name not in _fixed(kind)}
        query = update(table).where(table.c.id == value.id, *_conditions(table, expected))
        return self._change(query, row, kind) == 1

    def remove(self, value: Any) -> None:
        """Forget a record that nothing refers to: a draft, a convenience. What happened is in the ledger, and stays.

        Raises
        ------
        InvalidInput
            The record is an event of the ledger.
        """
        if type(value) is LedgerEvent:
            raise InvalidInput("An event of the ledger is never removed. Append another one that corrects it.")
        table = table_for(type(value))
        self._connection.execute(delete(table).where(table.c.id == value.id))

    def append_event(  # noqa: PLR0913
        self,
        *,
        project_id: str,
        kind: str,
        subject_kind: str,
        subject_id: str,
        body: Any,
        actor: str,
        at: datetime,
        on: datetime | None = None,
    ) -> LedgerEvent:
        """Write the next event of a project's chain (``instance``: of the chain of no project) and return it.

        Raises
        ------
        NotFound
            There is no such project.
        InvalidInput
            Something cannot be stored.
        """
        sequence, previous_hash = self._lock_chain(project_id)
        event = LedgerEvent(
            id=new_id(),
            project_id=project_id,
            sequence=sequence + 1,
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            body=body,
            actor=actor,
            at=at,
            on=on,
            previous_hash=previous_hash,
        )
        row = to_row(event)
        # The hash is of what will be read back, in UTC, and not of what the caller happened to hold.
        row["hash"] = event_hash(from_row(LedgerEvent, row))
        self._insert(table_for(LedgerEvent), row, "ledger event")
        head = update(_HEADS).where(_HEADS.c.project_id == project_id)
        self._connection.execute(head.values(sequence=sequence + 1, hash=row["hash"]))
        return from_row(LedgerEvent, row)

    def bump_revision(self, project_id: str) -> int:
        """Add 1 to a project's revision and return it.

        Raises
        ------
        NotFound
            There is no such project.
        """
        projects = table_for(Project)
        query = update(projects).where(projects.c.id == project_id).values(revision=projects.c.revision + 1)
        revision = self._connection.execute(query.returning(projects.c.revision)).scalar_one_or_none()
        if revision is None:
            raise NotFound.record("project", project_id)
        return revision

    def remember(self, key: str, record_id: str) -> None:
        """Keep the id of what an act left behind under ``key``; the same again changes nothing.

        Raises
        ------
        Conflict
            Another record is remembered under this key.
        """
        if self.recall(key) != record_id:
            self._insert(_KEYS, {"key": key, "record_id": record_id}, "act")

    def beat(self, process: str, at: datetime) -> None:
        """Say that a process lives."""
        values = {"process": process, "at": to_column(_BEATS.c.at, at)}
        self._upsert(_BEATS, values, {"at": values["at"]})

    def _lock_chain(self, project_id: str) -> tuple[int, str]:
        # Always the project first, then its chain: two transactions never wait for one another in a circle.
        if project_id != INSTANCE:
            projects = table_for(Project)
            locked = self._locking(select(projects.c.id).where(projects.c.id == project_id))
            if self._connection.execute(locked).first() is None:
                raise NotFound.record("project", project_id)
        self._upsert(_HEADS, {"project_id": project_id, "sequence": 0, "hash": GENESIS}, None)
        head = self._locking(select(_HEADS.c.sequence, _HEADS.c.hash).where(_HEADS.c.project_id == project_id))
        sequence, previous_hash = self._connection.execute(head).one()
        return sequence, previous_hash

    def _insert(self, table: Table, row: dict[str, Any], name: str) -> None:
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(table), row)
        except IntegrityError as error:
            raise refusal(error, table, name) from error

    def _change(self, query: Update, row: dict[str, Any], kind: type) -> int:
        try:
            with self._connection.begin_nested():
                return self._connection.execute(query, row).rowcount
        except IntegrityError as error:
            raise refusal(error, table_for(kind), title(kind)) from error

    def _upsert(self, table: Table, row: dict[str, Any], changes: dict[str, Any] | None) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        query = dialect.insert(table).values(row)
        keys = [column.name for column in table.primary_key]
        if changes is None:
            self._connection.execute(query.on_conflict_do_nothing(index_elements=keys))
        else:
            self._connection.execute(query.on_conflict_do_update(index_elements=keys, set_=changes))


def _fixed(kind: type) -> set[str]:
    return {"id", "revision"} if kind is Project else {"id"}


def _conditions(table: Table, equals: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [_condition(_column(table, name), wanted) for name, wanted in equals.items()]


def _condition(column: Column[Any], wanted: Any) -> ColumnElement[bool]:
    if not isinstance(wanted, list | tuple | set | frozenset):
        return column.is_(None) if wanted is None else column == to_column(column, wanted)
    present = [to_column(column, one) for one in wanted if one is not None]
    among = column.in_(present)
    return or_(among, column.is_(None)) if None in wanted else among


def _ordering(table: Table, order: str) -> Sequence[ColumnElement[Any]]:
    name = order.removeprefix("-")
    name = "at" if name == "created_at" and name not in table.c else name
    chosen = (_column(table, name), table.c.id)
    return [c.desc().nulls_last() if order.startswith("-") else c.asc().nulls_last() for c in chosen]


def _column(table: Table, name: str) -> Column[Any]:
    if name not in table.c or isinstance(table.c[name].type, JSON):
        raise InvalidInput(f"A {table.name.replace('_', ' ')} has no field {name!r} to compare. Choose another one.")
    return table.c[name]

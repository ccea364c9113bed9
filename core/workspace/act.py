"""An act: one transaction in which a person changes a project, and the ledger says so."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from core.errors import InvalidInput
from core.ids import new_id
from core.job import Job
from core.people.actor import Actor, Permission
from core.scoping.project import Project
from core.settings import Settings
from core.storage.records import RecordReader, Records
from core.storage.storage import Storage

Value = TypeVar("Value")


def check_arrived(path: Path, file_name: str) -> None:
    """Refuse a dropped file that was swept away before a job could read it.

    Raises
    ------
    InvalidInput
        It is no longer there.
    """
    if not path.is_file():
        raise InvalidInput(f"The upload of {file_name} is gone. Drop the file again.")


def wall_time() -> datetime:
    """Return the wall's time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an act has at hand: its records, the project as it was, who acts, and what time it is on both clocks."""

    records: Records
    project: Project
    actor: Actor
    at: datetime
    key: str | None = None

    @property
    def on(self) -> datetime:
        """Return the project's event time."""
        return self.project.now(self.at)

    def done(self, kind: type[Value]) -> Value | None:
        """Return what this act left behind when it was carried out before under the same key, or ``None``."""
        found = self.records.recall(self.key) if self.key else None
        return self.records.get(kind, found) if found else None

    def leave(self, value: Any) -> None:
        """Store a new value and remember it under the act's key."""
        self.records.add(value)
        if self.key:
            self.records.remember(self.key, value.id)

    def enter(self, kind: str, subject: Any, **body: Any) -> None:
        """Write the ledger: ``kind`` is what happened (``criterion.signed``), ``subject`` the record it happened to."""
        self.records.append_event(
            project_id=self.project.id,
            kind=kind,
            subject_kind=type(subject).__name__,
            subject_id=subject.id,
            body=body,
            actor=self.actor.id,
            at=self.at,
            on=self.on,
        )

    def request(self, kind: str, title: str, arguments: Mapping[str, Any]) -> Job:
        """Ask the worker for background work, in the same transaction as the act that needs it."""
        job = Job(
            id=new_id(),
            project_id=self.project.id,
            kind=kind,
            title=title,
            arguments=arguments,
            by=self.actor.id,
            created_at=self.at,
        )
        self.records.add(job)
        return job


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where acts begin: the stores, the settings, and the person who acts."""

    settings: Settings
    storage: Storage
    actor: Actor

    @contextmanager
    def act(
        self, project_id: str, permission: Permission = Permission.WRITE, *, key: str | None = None
    ) -> Generator[Act]:
        """Open one transaction on a project; it is stored whole or not at all.

        ``key`` makes an act that a job repeats harmless: see ``Act.done``.

        Raises
        ------
        NotPermitted
            The acting person's role does not reach that far.
        NotFound
            There is no such project.
        """
        self.actor.require(permission)
        with self.storage.write() as records:
            project = records.get(Project, project_id)
            yield Act(records=records, project=project, actor=self.actor, at=wall_time(), key=key)
            records.bump_revision(project_id)

    @contextmanager
    def reading(self) -> Generator[RecordReader]:
        """Open a transaction that changes nothing.

        Raises
        ------
        NotPermitted
            The acting person may not read.
        """
        self.actor.require(Permission.READ)
        with self.storage.read() as records:
            yield records

    @contextmanager
    def writing(self) -> Generator[Records]:
        """Open a transaction on what belongs to no project alone; it is stored whole or not at all.

        Raises
        ------
        NotPermitted
            The acting person may not write.
        """
        self.actor.require(Permission.WRITE)
        with self.storage.write() as records:
            yield records

    def one(self, kind: type[Value], record_id: str) -> Value:
        """Return one record.

        Raises
        ------
        NotFound
            There is no such record.
        """
        self.actor.require(Permission.READ)
        with self.storage.read() as records:
            return records.get(kind, record_id)

    def all(self, kind: type[Value], project_id: str, order: str = "created_at", **equals: Any) -> list[Value]:
        """Return a project's records of one kind."""
        self.actor.require(Permission.READ)
        with self.storage.read() as records:
            return records.find(kind, order=order, project_id=project_id, **equals)

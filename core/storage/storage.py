"""The store of a workspace: records, artifacts and predictions, opened together."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import Corrupted, Unavailable
from core.settings import Settings
from core.storage.artifacts import Artifacts
from core.storage.engine import BUSY_SECONDS, for_reading, for_writing, make_engine
from core.storage.migrations import migrate
from core.storage.parts import Parts
from core.storage.predictions import Predictions
from core.storage.records import RecordReader, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where a workspace keeps its things."""

    engine: Engine
    artifacts: Artifacts
    parts: Parts
    predictions: Predictions
    _turn: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the store and bring its tables up to date; several processes may do so at once.

        Raises
        ------
        Unavailable
            The database does not answer.
        Corrupted
            Its file is damaged.
        Conflict
            The tables were made by a newer Fullcircle.
        InvalidInput
            The database's address names no PostgreSQL database.
        """
        settings.home.mkdir(parents=True, exist_ok=True)
        engine = make_engine(settings)
        try:
            with _answering():
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(
            engine=engine,
            artifacts=Artifacts(settings.artifacts),
            parts=Parts(settings.artifacts / "parts"),
            predictions=Predictions(settings.predictions),
        )

    @contextmanager
    def read(self) -> Generator[RecordReader]:
        """Open a transaction that sees one state of the records and changes none.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with _answering(), for_reading(self.engine).begin() as connection:
            yield RecordReader(connection)

    @contextmanager
    def write(self) -> Generator[Records]:
        """Open a transaction that is stored whole at its end, or not at all.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with _answering(), self._in_turn(), for_writing(self.engine).begin() as connection:
            yield Records(connection)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def _in_turn(self) -> Generator[None]:
        """Wait for this process's other writers: SQLite's own waiting asks ever more rarely, and starves some."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise Unavailable("The database is busy. Wait a moment and try again.")
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("The database is busy. Wait a moment and try again.") from error
    except OperationalError as error:
        raise Unavailable(
            f"The database does not answer ({_reason(error)}). Try again in a moment; if it stays so, look at its disk "
            "and its permissions."
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # a refusal of one statement, not of the whole file
            raise
        raise Corrupted(
            f"The file of the records is damaged ({_reason(error)}). Restore the workspace from a backup."
        ) from error


def _reason(error: DatabaseError) -> str:
    return str(error.orig).strip().partition("\n")[0]

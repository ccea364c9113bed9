"""Where the worker remembers which steps are done: DBOS on a file of its own, or on the server's PostgreSQL."""

import fcntl
import importlib
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import IO

from dbos import DBOSConfig
from dbos._serialization import DBOSPortableJSONSerializer

from core.errors import Unavailable
from core.settings import Settings

# A constant: DBOS resumes only work of the same version, and steps here stay compatible from release to release.
APPLICATION_VERSION = "1"
_MOST_WORKERS = 64


def sqlite_module() -> ModuleType:
    """Return pysqlite3 where it is installed: SQLite before 3.51.3 can damage a WAL file under two connections."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def configuration(settings: Settings, executor: str) -> DBOSConfig:
    """Return how DBOS stores the worker's steps.

    ``executor`` is the stable name under which a restarted worker finds what it left.
    """
    config = DBOSConfig(
        name="fullcircle",
        application_version=APPLICATION_VERSION,
        executor_id=executor,
        serializer=DBOSPortableJSONSerializer(),
        log_level="ERROR",
        max_executor_threads=8,
        enable_otlp=False,
    )
    if settings.database_url:
        config["system_database_url"] = settings.database_url
    else:
        module = sqlite_module()
        _use_write_ahead_log(module, settings.jobs_file)
        config["system_database_url"] = f"sqlite:///{settings.jobs_file}"
        config["db_engine_kwargs"] = {"module": module}
    return config


def take_seat(folder: Path) -> tuple[str, IO[str]]:
    """Return this worker's stable name, and the lock that holds it until the process ends, however it ends.

    Raises
    ------
    Unavailable
        Every seat is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _MOST_WORKERS + 1):
        seat = (folder / f"worker-{number}.lock").open("w")
        try:
            fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            seat.close()
        else:
            return f"worker-{number}", seat
    raise Unavailable(f"{_MOST_WORKERS} workers already share {folder}. End one before starting another.")


def seats_taken(folder: Path) -> set[str]:
    """Return the names of the workers that live, this one included."""
    return {file.stem for file in folder.glob("worker-*.lock") if not _free(file)}


def _free(file: Path) -> bool:
    with file.open() as seat:
        try:
            fcntl.flock(seat, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _use_write_ahead_log(module: ModuleType, file: Path) -> None:
    # DBOS leaves the journal in delete mode, in which its own threads lock each other out.
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(module.connect(str(file), timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")

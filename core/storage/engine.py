"""The only maker of database engines: an SQLite file by default, PostgreSQL where the settings name one."""

import logging
import sqlite3
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from core.errors import InvalidInput
from core.settings import Settings
from core.storage.columns import decode, encode

_SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 30
"""How long a transaction waits for others."""

_JSON = {"json_serializer": encode, "json_deserializer": decode}
_POOL = {"pool_size": 5, "max_overflow": 20, "pool_timeout": BUSY_SECONDS}


def make_engine(settings: Settings) -> Engine:
    """Return the engine of the records.

    Raises
    ------
    InvalidInput
        ``database_url`` is not the address of a PostgreSQL database.
    """
    if settings.database_url:
        return _postgres(settings.database_url)
    settings.home.mkdir(parents=True, exist_ok=True)
    url = URL.create("sqlite", database=str(settings.records_file))
    engine = create_engine(url, module=sqlite_module(), connect_args={"timeout": BUSY_SECONDS}, **_JSON, **_POOL)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Return the same engine, whose transactions may write: SQLite then takes its one writer's lock at once."""
    return engine.execution_options(writes=True)


def for_reading(engine: Engine) -> Engine:
    """Return the same engine, whose transactions see one state from their first to their last statement."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@cache
def sqlite_module() -> ModuleType:
    """Return the newest SQLite there is: of ``pysqlite3``, else Python's own, with a warning where it is old."""
    try:
        module = import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    if tuple(module.sqlite_version_info) < _SAFE_SQLITE:
        logging.getLogger(__name__).warning(
            "SQLite %s can damage a database that two processes write to; install pysqlite3, a Python with "
            "SQLite 3.51.3 or newer, or use PostgreSQL (FULLCIRCLE_DATABASE_URL).",
            module.sqlite_version,
        )
    return module


def _postgres(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise InvalidInput(
            f"FULLCIRCLE_DATABASE_URL names a {url.get_backend_name()} database; "
            "write postgresql://user@host/name, or leave it out to use a file."
        )
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_JSON, **_POOL)


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin transactions of its own
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A reader that turns writer half-way fails at once, whatever the timeout: writers say so from the start.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

"""One history of the tables for both databases, applied when the store is opened.

A change of a table is a new file in ``versions``, its name also ``HEAD`` here; a test compares the migrated schema with
the tables.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from core.errors import Conflict

HEAD = "0023_alarm_budget"
_FOLDER = Path(__file__).parent
_LOCK = 8_147_031_122_509_664_101  # any number that no other program on the same database would take


def migrate(engine: Engine) -> None:
    """Bring the tables up to date. Processes that start together wait for one another.

    Raises
    ------
    Conflict
        The tables were made by a newer Fullcircle.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    if engine.dialect.name == "sqlite":
        _migrate_file(engine)
        return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _upgrade(connection)


def configuration(connection: Connection) -> Any:
    """Return Alembic's configuration for one connection."""
    from alembic.config import Config  # an upgraded store starts without Alembic

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate_file(engine: Engine) -> None:
    with engine.connect().execution_options(writes=True) as connection:
        # A table that is rebuilt is dropped first: its children must not go with it. Only works outside a transaction.
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                _upgrade(connection)
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found and found not in known:
        raise Conflict(
            f"These records were written by a newer Fullcircle (revision {found}). Install that version, or restore "
            "the backup from before the upgrade."
        )
    if found != HEAD:
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()

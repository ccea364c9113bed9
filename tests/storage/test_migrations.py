"""The history of the tables ends where the tables are, on both databases."""

import logging
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import Conflict, InvalidInput, Unavailable
from core.settings import Settings
from core.storage import engine as engines
from core.storage import migrations
from core.storage.row import Row
from core.storage.storage import Storage


def test_the_migrated_schema_is_that_of_the_tables(storage: Storage) -> None:
    with storage.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_head_is_the_last_revision(storage: Storage) -> None:
    with storage.engine.connect() as connection:
        script = ScriptDirectory.from_config(migrations.configuration(connection))
    assert script.get_heads() == [migrations.HEAD]


def test_opening_again_changes_nothing(either: Settings, storage: Storage) -> None:
    with storage.write() as records:
        records.remember("key", "id")
    again = Storage.open(either)
    with again.read() as records:
        assert records.recall("key") == "id"
    again.close()


def test_a_newer_store_is_not_touched(either: Settings, storage: Storage) -> None:
    with engines.for_writing(storage.engine).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
    with pytest.raises(Conflict, match="newer Fullcircle"):
        Storage.open(either)


def test_sqlite_is_set_up_for_several_processes(settings: Settings) -> None:
    storage = Storage.open(settings)
    with storage.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    storage.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}


def test_another_kind_of_database_is_refused(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="mysql"):
        Storage.open(settings.model_copy(update={"database_url": "mysql://localhost/x"}))


def test_a_database_that_is_not_there_is_told(settings: Settings) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Storage.open(settings.model_copy(update={"database_url": "postgres://localhost:1/x?connect_timeout=1"}))


def test_an_old_sqlite_is_warned_of_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    old = SimpleNamespace(sqlite_version_info=(3, 40, 1), sqlite_version="3.40.1")
    monkeypatch.setattr(engines, "import_module", lambda _name: old)
    engines.sqlite_module.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert engines.sqlite_module() is engines.sqlite_module()
    engines.sqlite_module.cache_clear()
    assert [record.getMessage()[:13] for record in caplog.records] == ["SQLite 3.40.1"]

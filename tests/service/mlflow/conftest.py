"""A server of the protocol alone, in this process, and MLflow's own client beside it."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from mlflow import MlflowClient
from starlette.applications import Starlette

from core.service.mlflow.routes import Admit, routes
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.conftest import empty_database


class Server:
    """The protocol over a fresh workspace. ``address`` is what a client is given as its tracking URI."""

    def __init__(self, settings: Settings) -> None:
        self.workspace = Workspace.open(settings)
        self.admit: Admit = lambda _: self.workspace
        app = Starlette(routes=routes(lambda who: self.admit(who)))
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.address, trust_env=False)

    def post(self, path: str, content: object) -> httpx.Response:
        return self.http.post(f"/api/2.0/mlflow/{path}", json=content)

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.http.get(f"/api/2.0/mlflow/{path}", params=query)

    def close(self) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join(10)
        self.workspace.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the tests of one file, which do not look at one another's runs."""
    running = Server(Settings(home=tmp_path_factory.mktemp("home"), database_url=None))
    yield running
    running.close()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def either_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same, once on SQLite and once on PostgreSQL."""
    url = None if request.param == "sqlite" else empty_database(request.getfixturevalue("postgres_url"))
    running = Server(Settings(home=tmp_path_factory.mktemp("home"), database_url=url))
    yield running
    running.close()


@pytest.fixture(scope="module")
def client(either_server: Server) -> MlflowClient:
    """MLflow's own client, of the newest version."""
    return MlflowClient(tracking_uri=either_server.address)

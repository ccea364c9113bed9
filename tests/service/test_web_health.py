"""The probes say which part is not ready."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from core.service import health
from core.settings import Settings
from core.workspace.workspace import Workspace


class ReadyScorer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/v2/health/ready" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def scorer_port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ReadyScorer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path, scorer_port: int) -> Settings:
    return Settings(home=tmp_path, scorer_port=scorer_port)


def get(settings: Settings, path: str, workspace: Workspace | None) -> httpx.Response:
    def opened() -> Workspace:
        if workspace is None:
            raise OSError("no database")
        return workspace

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=health.routes(settings, opened)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_healthz_needs_nothing_else(settings: Settings) -> None:
    assert get(settings, "/healthz", None).text == "ok"


def test_ready_when_records_worker_and_scorer_are(settings: Settings) -> None:
    workspace = Workspace.open(settings)
    workspace.jobs.beat("worker")
    answer = get(settings, "/readyz", workspace)
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": {"records": "ready", "worker": "ready", "scorer": "ready"}}


def test_not_ready_without_a_worker(settings: Settings) -> None:
    answer = get(settings, "/readyz", Workspace.open(settings))
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"records": "ready", "worker": "not ready", "scorer": "ready"}


def test_not_ready_without_records_or_scorer(tmp_path: Path) -> None:
    answer = get(Settings(home=tmp_path, scorer_port=1), "/readyz", None)
    assert answer.status_code == 503
    assert set(answer.json()["parts"].values()) == {"not ready"}


def test_a_worker_counts_as_dead_after_five_silent_seconds() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert health.worker_ready(now - timedelta(seconds=4.9), now)
    assert not health.worker_ready(now - timedelta(seconds=5), now)
    assert not health.worker_ready(None, now)
